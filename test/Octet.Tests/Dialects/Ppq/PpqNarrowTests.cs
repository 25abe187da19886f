using Octet.Dialects.Ppq;
using Octet.Numerics;
using Octet.Tests.Golden;

namespace Octet.Tests.Dialects.Ppq;

/// <summary>Platforms whose integers end at −127, or go away from zero half-way; checked against the formulas of PPQ's quantizers, since no numbers of PPQ's are there.</summary>
public sealed class PpqNarrowTests
{
    [GoldenTheory(PpqLeNet.Digits, PpqLeNet.Model)]
    [InlineData("METAX_INT8_C", true)]
    [InlineData("MNN_INT8", false)]
    [InlineData("NCNN_INT8", false)]
    public void ScalesOfMinmax_AreLargestMagnitudesOver127(string platform, bool hasSteps)
    {
        var graph = PpqLeNet.Quantize(platform, "minmax");
        var input = graph.Configs.First(c => c is { Variable: "input", State: QuantizationStates.Activated });
        Assert.Equal((-127d, 127d, 255f / 127), (input.QuantMin, input.QuantMax, input.Scales[0]));
        foreach (var layer in graph.Plan.WeightedLayers.Where(l => l.OpType == "Conv"))
        {
            var weights = graph.Float.Graph.Find(layer.Key)!.Producer!.Inputs[1]!;
            var config = graph.Configs.First(c => c.Variable == weights.Name);
            float[] values = weights.Constant!.ToFloats();
            int inner = values.Length / config.Scales.Count;
            float most = (float)config.QuantMax;
            Assert.Equal(values.Chunk(inner).Select(c => c.Max(MathF.Abs) / most), config.Scales, (a, b) => MathF.Abs(a - b) <= 1e-7f * b);
            Assert.Equal(-config.QuantMax, config.QuantMin);
        }

        Assert.Equal(hasSteps, graph.Configs.Any(c => c.State == QuantizationStates.PassiveBaked));
    }

    [GoldenFact(PpqLeNet.Digits, PpqLeNet.Model)]
    public void WeightsOfConvolutionsThatNcnnTransforms_HaveSixBits_AndAllOutputsAreFloat()
    {
        var graph = PpqLeNet.Quantize("NCNN_INT8", "percentile");
        Assert.Equal([(6, 31d), (6, 31d), (6, 31d)], graph.Configs.Where(c => c is { IsParameter: true, State: QuantizationStates.Baked }).Select(c => (c.Bits, c.QuantMax)));
        Assert.Equal(["/pool1/MaxPool_output_0", "/pool2/MaxPool_output_0", "input"], graph.Configs.Where(c => c.State == QuantizationStates.Activated).Select(c => c.Variable).Order(StringComparer.Ordinal));
    }

    [GoldenTheory(PpqLeNet.Digits, PpqLeNet.Model)]
    [InlineData("METAX_INT8_C")]
    [InlineData("MNN_INT8")]
    [InlineData("ASC_INT8")]
    public void Simulation_RoundsAndClampsAsThePlatform(string platform)
    {
        var graph = PpqLeNet.Quantize(platform, "percentile");
        var table = graph.Platform.Table.Activations;
        var config = graph.Configs.First(c => c is { Variable: "input", State: QuantizationStates.Activated });
        using var executor = new PpqExecutor(graph, ["input"]);
        var (scale, zero) = (config.Scales[0], config.ZeroPoints[0]);
        var given = Enumerable.Range(0, 28 * 28).Select(i => (i - 392) * scale / 2).ToArray();
        var rounded = executor.Forward(new Dictionary<string, Tensor> { ["input"] = Tensor.FromArray(given, new(1, 1, 28, 28)) })[0].ToFloats();
        var far = graph.Platform.Rounding == RoundingPolicy.HalfFarFromZero ? MidpointRounding.AwayFromZero : MidpointRounding.ToEven;
        for (int i = 0; i < given.Length; i++)
        {
            Assert.Equal((Math.Clamp(MathF.Round(given[i] / scale, far) + zero, table.Min, table.Max) - zero) * scale, rounded[i]);
        }

        Assert.Equal(platform == "ASC_INT8" ? 0 : -127, (rounded.Min() / scale) + zero, 1e-3);
    }

    [GoldenFact(PpqLeNet.Digits, PpqLeNet.Model)]
    public void Ascend_HasUnsignedActivations_AndSignedWeightsAroundZero()
    {
        var graph = PpqLeNet.Quantize("ASC_INT8", "minmax");
        Assert.All(graph.Configs.Where(c => c.State == QuantizationStates.Activated), c => Assert.Equal((0d, 255d, false), (c.QuantMin, c.QuantMax, c.IsSymmetric)));
        var weights = graph.Configs.Where(c => c is { IsParameter: true, State: QuantizationStates.Baked }).ToArray();
        Assert.Equal([4, 8, 16], weights.Select(w => w.Scales.Count));
        Assert.All(weights, w => Assert.True(w is { QuantMin: -128, QuantMax: 127, IsSymmetric: true } && w.ZeroPoints.All(z => z == 0)));
    }
}
