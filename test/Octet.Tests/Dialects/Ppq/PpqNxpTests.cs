using Octet.Dialects.Ppq;
using Octet.Tests.Golden;

namespace Octet.Tests.Dialects.Ppq;

/// <summary>NXP_INT8 rounds half-way cases up, inputs down, and has a power of two for each output channel; checked against the formulas, since no numbers of PPQ's are there.</summary>
public sealed class PpqNxpTests
{
    [GoldenFact(PpqLeNet.Digits, PpqLeNet.Model)]
    public void Simulation_RoundsHalfWayCasesUp_AndInputsDown()
    {
        var graph = PpqLeNet.Quantize("NXP_INT8", "percentile");
        string[] tensors = ["input", "/bn1/BatchNormalization_output_0", "/relu1/Relu_output_0"];
        using var executor = new PpqExecutor(graph, tensors);
        var samples = PpqLeNet.Training(8);
        float scale = graph.Configs.First(c => c.Variable == "/relu1/Relu_output_0").Scales[0];
        int ties = 0;
        for (int i = 0; i < samples.Count; i++)
        {
            var inputs = samples.Load(i).Inputs;
            var values = executor.Forward(inputs);
            Assert.All(inputs["input"].ToFloats().Zip(values[0].ToFloats()), p => Assert.Equal(Math.Clamp(MathF.Ceiling((p.First / 2) - 0.5f), -128, 127) * 2, p.Second));
            foreach (var (sum, rounded) in values[1].ToFloats().Zip(values[2].ToFloats()))
            {
                float steps = Math.Max(0, sum) / scale;
                Assert.Equal(Math.Clamp(MathF.Floor(steps + 0.5f), -128, 127) * scale, rounded);
                ties += steps - MathF.Floor(steps) == 0.5f ? 1 : 0;
            }
        }

        Assert.True(ties > 0, "no half-way case was met, so that nothing was tested");
    }

    [GoldenFact(PpqLeNet.Digits, PpqLeNet.Model)]
    public void Weights_HaveAPowerOfTwoForEachChannel()
    {
        var weights = PpqLeNet.Quantize("NXP_INT8", "minmax").Configs.Where(c => c is { IsParameter: true, Bits: 8 }).ToArray();
        Assert.Equal([4, 8, 16], weights.Select(w => w.Scales.Count));
        Assert.All(weights.SelectMany(w => w.Scales), s => Assert.Equal(MathF.ScaleB(1, (int)MathF.Round(MathF.Log2(s))), s));
        Assert.Contains(weights, w => w.Scales.Distinct().Count() > 1);
    }
}
