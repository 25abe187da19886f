using Octet.Data;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Planning;
using Octet.Planning.Targets;
using Octet.Refinement;
using Octet.Tests.Analysis.Causes;
using Octet.Tests.Rewrites;

namespace Octet.Tests.Refinement;

public sealed class EqualizationTests
{
    private const int Channels = 4;

    [Fact]
    public void Run_WhenChannelsDiffer_BalancesThemAndComputesTheSame()
    {
        var model = Chain(depthwise: false);
        var (equalized, changed) = Equalize(model);

        Assert.Contains("add", changed);
        Assert.Contains("rectified", changed);
        FloatEquality.AssertSame(model, equalized);
        var before = Largest(model, "rectified");
        var after = Largest(equalized, "rectified");
        Assert.True(after.Max() / after.Min() < before.Max() / before.Min() / 2);
    }

    // Channels of one size have nothing to gain.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_WhenChannelsAreBalancedAlready_ScalesThemOnlyWhereAsked(bool always)
    {
        var balanced = Equalize(Equalize(Chain(depthwise: false)).Model).Model;
        var (again, changed) = Equalize(balanced, always);

        Assert.Equal(always, changed.Count > 0);
        FloatEquality.AssertSame(balanced, again);
    }

    [Theory]
    [InlineData(RefinementUse.Auto)]
    [InlineData(RefinementUse.Always)]
    [InlineData(RefinementUse.Never)]
    public void Quantize_DoesWhatIsAskedAndTellsWhatItBought(RefinementUse use)
    {
        using var shapes = new ShapesSample();
        var report = new Quantizer(new QuantizerOptions { Equalization = use }).Quantize(shapes.ModelPath, shapes.Open(shapes.CalibrationFolder, samples: 24)).Report;
        RefinementReport[] done = [.. report.Refinements.Where(r => r.Refinement == "equalization")];

        Assert.Equal(use != RefinementUse.Never, done.Length > 0);
        Assert.Equal(use != RefinementUse.Never, report.Layers.Any(l => l.Reason!.Contains("its channels balanced (", StringComparison.Ordinal)));
        Assert.All(done, d => Assert.Null(d.OutputGain));
        Assert.True(use != RefinementUse.Auto || Array.TrueForAll(done, d => d.Gain >= 0));
    }

    [SharedFact("mlperf_tiny")]
    public void Quantize_WithHighEffort_KeepsWhatTheOutputsConfirm()
    {
        var report = new Quantizer(new QuantizerOptions { Effort = Effort.High }).Quantize(SharedData.PathOf("mlperf_tiny/kws_dscnn_bn.onnx"), CleanModels.Keywords(0, 64)).Report;
        RefinementReport[] done = [.. report.Refinements.Where(r => r.Refinement == "equalization")];

        Assert.NotEmpty(done);
        Assert.All(done, d => Assert.InRange(d.OutputGain!.Value, 0.5, 10));
    }

    [Fact]
    public void Run_WhenADepthwiseConvolutionReads_ComputesTheSame()
    {
        var model = Chain(depthwise: true);
        var (equalized, changed) = Equalize(model);

        Assert.NotEmpty(changed);
        FloatEquality.AssertSame(model, equalized);
    }

    // With several groups, a channel of the weights serves several outputs.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_WhenATransposedConvolutionReadsAndWrites_ComputesTheSame(int groups)
    {
        var model = Chain(depthwise: false);
        var last = model.Graph.Find("last")!.Producer!;
        var weights = Tensor.FromArray([.. Enumerable.Range(0, Channels * Channels / groups * 9).Select(i => MathF.Sin(i) * (i % 7))], new Shape(Channels, Channels / groups, 3, 3));
        var up = model.Graph.AddNode("ConvTranspose", [last.Inputs[0], model.Graph.AddConstant("up_w", weights), last.Inputs[2]], ["up"], before: last);
        up.SetAttribute("strides", new long[] { 2, 2 });
        up.SetAttribute("group", groups);
        last.Output.ReplaceWith(up.Output);
        model.Graph.RemoveUnused();
        var (equalized, changed) = Equalize(model, always: true, target: "generic");

        Assert.Contains("rectified", changed);
        Assert.Contains("up", changed);
        FloatEquality.AssertSame(model, equalized);
    }

    [Fact]
    public void Run_WhenAnOutputOfTheModelWouldChange_LeavesItsGroupAlone()
    {
        var model = Chain(depthwise: false);
        model.Graph.AddOutput(model.Graph.Find("add")!);

        Assert.DoesNotContain("add", Equalize(model).Changed);
    }

    [Fact]
    public void Run_WhenAClampWithALowerBoundOtherThanZeroReads_LeavesItsGroupAlone()
    {
        var model = Chain(depthwise: false, clip: true);
        model.Graph.Find("low")!.SetConstant(Tensor.Scalar(-0.5f));

        Assert.DoesNotContain("rectified", Equalize(model).Changed);
    }

    [Fact]
    public void Run_WhenChannelsOfASumLieOffZero_CentresThemAndComputesTheSame()
    {
        var model = Residual(pads: 0);
        var (shifted, _) = Equalize(model);

        FloatEquality.AssertSame(model, shifted);
        Assert.True(OffCentre(model) > 0.5, "the test's channels must lie off zero");
        Assert.True(OffCentre(shifted) < OffCentre(model) / 3, $"{OffCentre(shifted)} against {OffCentre(model)}");
    }

    [Fact]
    public void Run_WhenAReaderPadsWithZeros_DoesNotShift()
    {
        var model = Residual(pads: 1);
        var (shifted, _) = Equalize(model);

        FloatEquality.AssertSame(model, shifted);
        Assert.Equal(OffCentre(model), OffCentre(shifted), 1e-3);
    }

    // The largest distance of the middle of a channel from zero, relative to half of its width.
    private static double OffCentre(Model model)
    {
        var extremes = ChannelExtremes.Observe(model, [.. Enumerable.Range(0, 4).Select(Input)], ["sum"], 1, CancellationToken.None)["sum"];
        return extremes.Least.Zip(extremes.Greatest, (low, high) => Math.Abs(low + high) / Math.Max(1e-9, high - low)).Max();
    }

    // Two convolutions whose sum, far from zero, a third reads.
    private static Model Residual(int pads)
    {
        var graph = new Graph("residual");
        var model = new Model(graph);
        model.Opsets.Add(string.Empty, 13);
        var input = graph.AddInput("x", TensorType.Of(ElementType.Float32, new Shape(1, 3, 8, 8)));
        float[] even = [1, 1, 1, 1];
        var sum = graph.Add("Add", [Conv(graph, input, "left", 3, even, 1), Conv(graph, input, "right", 3, even, 2)], "sum");
        foreach (string producer in (string[])["left", "right"])
        {
            graph.Find(producer + "_b")!.SetConstant(Tensor.FromArray([9f, -7, 5, -8], new Shape(4)));
        }

        var end = Conv(graph, sum, "end", Channels, even, 4);
        end.Producer!.SetAttribute("pads", new long[] { pads, pads, pads, pads });
        end.Type = new TensorType(ElementType.Float32, null);
        graph.AddOutput(end);
        return model;
    }

    private static (Model Model, IReadOnlyList<string> Changed) Equalize(Model model, bool always = false, string target = "onnxruntime")
    {
        Sample[] samples = [.. Enumerable.Range(0, 4).Select(Input)];
        var types = TypeProbe.Run(model, samples[0].Inputs);
        var copy = model.Clone();
        var plan = Planner.Build(copy.Graph, TargetCatalog.Find(target), types, []);
        return (copy, [.. Equalization.Run(copy, plan, types, samples, always, 2, CancellationToken.None).SelectMany(e => e.Tensors)]);
    }

    private static float[] Largest(Model model, string value)
        => ChannelExtremes.Observe(model, [Input(0)], [value], 1, CancellationToken.None)[value].Largest;

    // Two convolutions, added up, rectified, and read by a third; the channels of what they give differ a hundredfold.
    private static Model Chain(bool depthwise, bool clip = false)
    {
        var graph = new Graph("chain");
        var model = new Model(graph);
        model.Opsets.Add(string.Empty, 13);
        var input = graph.AddInput("x", TensorType.Of(ElementType.Float32, new Shape(1, 3, 8, 8)));
        float[] sizes = [1, 0.3f, 0.05f, 0.01f];
        var left = Conv(graph, input, "left", 3, sizes, 1);
        var right = Conv(graph, input, "right", 3, sizes, 2);
        var sum = graph.Add("Add", [left, right], "add");
        var rectified = clip
            ? graph.Add("Clip", [sum, graph.AddConstant("low", Tensor.Scalar(0f)), graph.AddConstant("high", Tensor.Scalar(1f))], "rectified")
            : graph.Add("Relu", [sum], "rectified");
        float[] even = [1, 1, 1, 1];
        var last = Conv(graph, rectified, "last", depthwise ? 1 : Channels, even, 3);
        if (depthwise)
        {
            last.Producer!.SetAttribute("group", Channels);
        }

        var end = Conv(graph, last, "end", Channels, even, 4);
        end.Type = new TensorType(ElementType.Float32, null);
        graph.AddOutput(end);
        return model;
    }

    private static Value Conv(Graph graph, Value input, string name, int inputs, float[] sizes, int seed)
    {
        var random = new Random(seed);
        float[] weights = [.. sizes.SelectMany(s => Enumerable.Range(0, inputs * 9).Select(_ => s * (random.NextSingle() - 0.4f)))];
        float[] bias = [.. sizes.Select(s => s * random.NextSingle())];
        var node = graph.AddNode(
            "Conv",
            [input, graph.AddConstant(name + "_w", Tensor.FromArray(weights, new Shape(sizes.Length, inputs, 3, 3))), graph.AddConstant(name + "_b", Tensor.FromArray(bias, new Shape(sizes.Length)))],
            [name]);
        node.SetAttribute("pads", new long[] { 1, 1, 1, 1 });
        return node.Output;
    }

    private static Sample Input(int seed)
    {
        var random = new Random(seed);
        float[] values = [.. Enumerable.Range(0, 3 * 8 * 8).Select(_ => random.NextSingle() - 0.3f)];
        return new Sample(seed, "made", new Dictionary<string, Tensor> { ["x"] = Tensor.FromArray(values, new Shape(1, 3, 8, 8)) }, null);
    }
}
