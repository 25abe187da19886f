using Octet.Analysis;
using Octet.Data;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Planning;
using Octet.Planning.Targets;
using Octet.Refinement;

namespace Octet.Tests.Analysis;

public sealed class LayerErrorsTests
{
    private static readonly float[] Weights = [0.9f, -0.31f, 0.17f, 0.55f, -0.73f, 1.2f];
    private static readonly float[][] Rows = [[0.1f, 0.77f, 0.9f], [0.35f, 0, 0.62f]];

    [Fact]
    public void Measure_OfTwoLayers_GivesTheRatiosOfPlainLoops()
    {
        var (model, plan, weights, samples) = Network();
        var errors = LayerErrors.Measure(model, plan, weights, samples, 2);

        // 3 → 2 → 3 with the same numbers as weights of both; the second layer reads what is left of the first one's output.
        double[] signal = [0, 0];
        double[] noise = [0, 0];
        foreach (float[] row in Rows)
        {
            float[] exact = Product(row, Weights, 3, 2);
            float[] rounded = Product(Quantized(row, plan.ParamsOf("x")), Dequantized(weights["first"]), 3, 2);
            Count(exact, rounded, 0);
            Count(Product(exact, Weights, 2, 3), Product(Quantized(rounded, plan.ParamsOf("first")), Dequantized(weights["second"]), 2, 3), 1);
        }

        Assert.Equal(10 * Math.Log10(signal[0] / noise[0]), errors.SqnrOf("first")!.Value, 3);
        Assert.Equal(10 * Math.Log10(signal[1] / noise[1]), errors.SqnrOf("second")!.Value, 3);
        Assert.Null(errors.SqnrOf("x"));

        double own = (noise[1] / signal[1]) - (noise[0] / signal[0]);
        Assert.Equal(own > noise[0] / signal[0] ? ["second", "first"] : ["first", "second"], errors.ByOwnError(model.Graph));

        void Count(float[] exact, float[] rounded, int layer)
        {
            signal[layer] += exact.Sum(e => (double)e * e);
            noise[layer] += exact.Zip(rounded).Sum(p => ((double)p.First - p.Second) * ((double)p.First - p.Second));
        }
    }

    [Fact]
    public void Measure_OnAnyNumberOfThreads_GivesTheSameNumbers()
    {
        var (model, plan, weights, samples) = Network();
        var expected = LayerErrors.Measure(model, plan, weights, samples, 1);
        int done = 0;
        var actual = LayerErrors.Measure(model, plan, weights, samples, 3, () => Interlocked.Increment(ref done));
        Assert.Equal(expected.SqnrOf("second"), actual.SqnrOf("second"));
        Assert.Equal(samples.Length, done);
    }

    internal static (Model Model, Plan Plan, Dictionary<string, QuantizedWeights> Weights, Sample[] Samples) Network()
    {
        var model = TinyModels.Of(3, (graph, x) =>
        {
            var first = graph.Add("MatMul", [x, graph.AddConstant("w1", Tensor.FromArray(Weights, new Shape(3, 2)))], "first");
            return [graph.Add("MatMul", [first, graph.AddConstant("w2", Tensor.FromArray(Weights, new Shape(2, 3)))], "second")];
        });
        var source = TinyModels.Rows(Rows);
        Sample[] samples = [.. Enumerable.Range(0, source.Count).Select(source.Load)];
        var plan = Planner.Build(model.Graph, TargetCatalog.Find("onnxruntime"), TypeProbe.Run(model, samples[0].Inputs), []);
        plan = plan with
        {
            Slots = [.. plan.Slots.Select(s => s with { Params = new QuantParams(QuantType.UInt8, s.Tensor == "x" ? 1f / 255 : 1f / 90, s.Tensor == "x" ? 0 : 90) })],
        };
        var weights = plan.WeightedLayers.ToDictionary(
            l => l.Key, l => NearestWeights.Round(l.NodeIn(model.Graph), l, plan.ParamsOf(l.DataInputs[0])), StringComparer.Ordinal);
        Assert.Equal(2, weights.Count);
        return (model, plan, weights, samples);
    }

    private static float[] Quantized(float[] values, QuantParams parameters) => [.. values.Select(v => parameters.Dequantize(parameters.Quantize(v)))];

    private static float[] Dequantized(QuantizedWeights weights) => weights.Dequantize().ToFloats();

    private static float[] Product(float[] row, float[] weights, int inputs, int outputs)
        => [.. Enumerable.Range(0, outputs).Select(o => Enumerable.Range(0, inputs).Sum(i => row[i] * weights[(i * outputs) + o]))];
}
