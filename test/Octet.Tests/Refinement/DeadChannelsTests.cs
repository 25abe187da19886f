using Octet.Data;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Planning;
using Octet.Planning.Targets;
using Octet.Refinement;
using Octet.Rewrites;
using Octet.Tests.Rewrites;

namespace Octet.Tests.Refinement;

public sealed class DeadChannelsTests(ShapesSample shapes) : IClassFixture<ShapesSample>
{
    [Fact]
    public void Limit_InTheSample_TakesTheHugeWeightsAndComputesTheSame()
    {
        var (model, samples) = Sample();
        var changed = model.Clone();

        var told = DeadChannels.Limit(changed, PlanOf(changed, "generic", samples), samples, 2, default);

        Assert.Equal(2, told.Count);
        Assert.StartsWith("Conv \"/features/features.3/body/body.3/Conv\" reads channels that are zero in all samples, with weights up to 768;", told[0], StringComparison.Ordinal);
        using var before = FloatEquality.Open(model);
        using var after = FloatEquality.Open(changed);
        foreach (var sample in samples)
        {
            using var expected = before.Run(sample.Inputs);
            using var actual = after.Run(sample.Inputs);
            Assert.Equal(expected.Span<float>(0).ToArray(), actual.Span<float>(0).ToArray());
        }
    }

    [Fact]
    public void Limit_WithAScaleForEachChannel_ChangesNothing()
    {
        var (model, samples) = Sample();
        Assert.Empty(DeadChannels.Limit(model, PlanOf(model, "onnxruntime", samples), samples, 1, default));
    }

    [Fact]
    public void Limit_AChannelThatLivesInOneSample_LeavesItsWeights()
    {
        // Channel 1 is above zero with the last sample alone; channel 2 never.
        var model = Chain();
        Sample[] samples = [.. new[] { -1f, -2f, 3f }.Select((v, i) => new Sample(
            i, $"{i}", new Dictionary<string, Tensor> { ["x"] = Tensor.FromArray([1f, v, -1f], new Shape(1, 3)) }, null))];

        DeadChannels.Limit(model, PlanOf(model, "generic", samples), samples, 1, default);

        Assert.Equal([1, 2, 90, -80, 90, -90], model.Graph.Find("y")!.Producer!.Inputs[1]!.Constant!.ToFloats());
    }

    [Fact]
    public void Quantize_WithOneScaleALayer_GainsByIt()
    {
        var result = new Quantizer(new QuantizerOptions { Target = "generic" }).Quantize(shapes.ModelPath, shapes.Open(shapes.CalibrationList, samples: 60));
        Assert.Contains(result.Report.Warnings, w => w.StartsWith("OCT4113: Conv \"/features/features.3/body/body.3/Conv\"", StringComparison.Ordinal));
        Assert.True(result.Report.Sqnr > 20, $"{result.Report.Sqnr} dB");
    }

    private (Model Model, Sample[] Samples) Sample()
    {
        var model = OnnxFormat.Read(shapes.ModelPath);
        RewritePipeline.Simplify.Run(model);
        var source = shapes.Open(shapes.CalibrationList, samples: 20);
        return (model, [.. Enumerable.Range(0, source.Count).Select(source.Load)]);
    }

    private static Plan PlanOf(Model model, string target, Sample[] samples)
        => Planner.Build(model.Graph, TargetCatalog.Find(target), TypeProbe.Run(model, samples[0].Inputs), []);

    // A Gemm that hands its input on, a Relu, a Gemm whose weights for channels 1 and 2 are far larger than for channel 0.
    private static Model Chain() => Octet.Tests.Analysis.TinyModels.Of(3, (graph, x) =>
    {
        var first = graph.Add("Gemm", [x, graph.AddConstant("w1", Tensor.FromArray([1f, 0, 0, 0, 1, 0, 0, 0, 1], new Shape(3, 3)))], "first");
        var weights = graph.AddConstant("w2", Tensor.FromArray([1f, 2, 90, -80, 700, -800], new Shape(3, 2)));
        return [graph.Add("Gemm", [graph.Add("Relu", [first], "relu"), weights], "y")];
    });
}
