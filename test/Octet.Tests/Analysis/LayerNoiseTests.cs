using Octet.Analysis;
using Octet.Numerics;

namespace Octet.Tests.Analysis;

public sealed class LayerNoiseTests
{
    [Fact]
    public void Measure_OfTwoLayers_GivesTheRatiosOfPlainLoops()
    {
        var (model, plan, weights, samples) = LayerErrorsTests.Network();

        // Half the range of the second layer's input: its larger values are clipped.
        var params2 = plan.ParamsOf("first");
        plan = plan with { Slots = [.. plan.Slots.Select(s => s.Tensor == "first" ? s with { Params = new QuantParams(QuantType.UInt8, params2.Scale / 4, params2.ZeroPoint) } : s)] };
        var noise = LayerNoise.Measure(model, plan, weights, samples, 2);

        float[] exactWeights = model.Graph.Find("w2")!.Constant!.ToFloats();
        float[] rounded = weights["second"].Dequantize().ToFloats();
        var parameters = plan.ParamsOf("first");
        double signal = 0, whole = 0, clipping = 0, rounding = 0, byWeights = 0;
        foreach (var sample in samples)
        {
            float[] x = Product(sample.Inputs["x"].ToFloats(), model.Graph.Find("w1")!.Constant!.ToFloats(), 3, 2);
            float[] clipped = [.. x.Select(v => Math.Clamp(v, parameters.RealMin(), parameters.RealMax()))];
            float[] quantized = [.. x.Select(v => parameters.Dequantize(parameters.Quantize(v)))];
            float[] y = Product(x, exactWeights, 2, 3);
            signal += Squares(y, new float[3]);
            whole += Squares(y, Product(quantized, rounded, 2, 3));
            clipping += Squares(Product(clipped, exactWeights, 2, 3), y);
            rounding += Squares(Product(quantized, exactWeights, 2, 3), Product(clipped, exactWeights, 2, 3));
            byWeights += Squares(Product(x, rounded, 2, 3), y);
        }

        var parts = noise.PartsOf("second");
        Assert.True(clipping > rounding, "the test is for a clipped input");
        Assert.Equal(1, parts.ActivationClipping / (clipping / signal), 3);
        Assert.Equal(1, parts.ActivationRounding / (rounding / signal), 3);
        Assert.Equal(1, parts.WeightRounding / (byWeights / signal), 3);
        Assert.Equal(0, parts.WeightClipping);
        Assert.Equal("activation clipping", parts.Largest);
        Assert.Equal(10 * Math.Log10(signal / whole), noise.MeasuresOf("second").Sqnr, 3);
    }

    [Fact]
    public void Measure_WithWeightsBeyondTheirRange_CountsThemAsClipped()
    {
        var (model, plan, weights, samples) = LayerErrorsTests.Network();
        var old = weights["first"];
        var narrow = new QuantParams(old.Params.Type, [.. old.Params.Scales.Select(s => s / 2)], old.Params.ZeroPoints, old.Params.Axis);
        float[] exact = model.Graph.Find("w1")!.Constant!.ToFloats();
        int[] integers = [.. exact.Select((w, i) => (int)Math.Clamp(MathF.Round(w / narrow.Scales[narrow.Axis is null ? 0 : i % 2]), -127, 127))];
        weights["first"] = old with { Values = IntegerTensor.Pack(integers, narrow.Type, old.Values.Shape), Params = narrow };

        var parts = LayerNoise.Measure(model, plan, weights, samples, 1).PartsOf("first");

        Assert.True(parts.WeightClipping > 10 * parts.WeightRounding, $"clipping {parts.WeightClipping}, rounding {parts.WeightRounding}");
        Assert.Equal("weight clipping", parts.Largest);
    }

    private static double Squares(float[] a, float[] b) => a.Zip(b).Sum(p => ((double)p.First - p.Second) * ((double)p.First - p.Second));

    private static float[] Product(float[] row, float[] weights, int inputs, int outputs)
        => [.. Enumerable.Range(0, outputs).Select(o => Enumerable.Range(0, inputs).Sum(i => row[i] * weights[(i * outputs) + o]))];
}
