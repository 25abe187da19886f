using Octet.Data;
using Octet.Formats.C;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;
using Octet.Numerics.Rescaling;
using Octet.Planning;
using Octet.Planning.Targets;
using Octet.Refinement;
using Octet.Rewrites;
using Octet.Tests.Formats.C;
using Octet.Tests.Lowering;
using Octet.Tests.Rewrites;
using static Octet.Tests.Refinement.MadeNet;

namespace Octet.Tests.Refinement;

public sealed class ChannelGroupingTests
{
    private const int Channels = 24;
    private const int Side = 6;

    // Sums in another order.
    private const double Rounding = 1e-5;

    private static readonly string[] Layers = ["front", "depthwise", "back", "last"];

    [Fact]
    public void Run_WhereWeightsOfChannelsAreUnlike_MakesLayersOfLikeOnesAndComputesTheSame()
    {
        var model = Network();
        var (grouped, done) = Group(model, 1);

        FloatEquality.AssertSame(model, grouped, Rounding);
        Assert.Equal(["front", "depthwise"], done.Select(d => d.Layer));
        Assert.All(done, d => Assert.InRange(d.Gain, 5, 40));
        Assert.Equal(["front/group0", "front/group1", "front/group2"], done[0].Groups.AsEnumerable());
        Assert.Equal([8, 8, 8], done[0].Groups.Select(g => (int)grouped.Graph.Find(g)!.Producer!.Inputs[1]!.Constant!.Shape[0]));
        Assert.Equal([8, 8, 8], done[1].Groups.Select(g => (int)grouped.Graph.Find(g)!.Producer!.GetInt("group", 1)));
        float[] largest = [.. done[0].Groups.Select(g => grouped.Graph.Find(g)!.Producer!.Inputs[1]!.Constant!.ToFloats().Max(Math.Abs))];
        Assert.True(largest[0] * 2 < largest[1] && largest[1] * 2 < largest[2], string.Join(", ", largest));
    }

    [Fact]
    public void Run_WhereReadersHaveWeights_FoldsTheOrderIntoThem()
    {
        var (grouped, _) = Group(Network(), 1);

        // Those that share the channels among the groups of the depthwise convolution; what it gives is read by a convolution.
        Assert.Equal(["depthwise/group0/input", "depthwise/group1/input", "depthwise/group2/input"], grouped.Graph.Nodes.Where(n => n.Is("Gather")).Select(n => n.Output.Name));
        Assert.Equal("Concat", grouped.Graph.Find("calmed")!.Producer!.OpType);
    }

    [Fact]
    public void Run_WhereTheValueIsAnOutput_RestoresTheOrder()
    {
        var model = Network();
        model.Graph.AddOutput(Typed(model.Graph.Find("calmed")!));
        var (grouped, _) = Group(model, 1);

        FloatEquality.AssertSame(model, grouped, Rounding);
        Assert.Equal("Gather", grouped.Graph.Find("calmed")!.Producer!.OpType);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_OfMatrixProducts_ComputesTheSame(bool transposed)
    {
        var model = Perceptron(transposed);
        var (grouped, done) = Group(model, double.NegativeInfinity);

        Assert.Equal(["first", "second"], done.Select(d => d.Layer));
        FloatEquality.AssertSame(model, grouped, Rounding);
        Assert.Equal(["second"], grouped.Graph.Nodes.Where(n => n.Is("Gather")).Select(n => n.Output.Name));
    }

    [Fact]
    public void Run_WhereEachChannelHasAScale_LooksAtNoSample()
    {
        var model = Network();
        var types = TypeProbe.Run(model, Input(0).Inputs);
        var plan = Planner.Build(model.Graph, TargetCatalog.Find("onnxruntime"), types, []);

        Assert.Empty(ChannelGrouping.Run(model, plan, types, null!, double.NegativeInfinity, 1, CancellationToken.None));
    }

    [Fact]
    public void Run_WithAnyNumberOfWorkers_GivesTheSameBytes()
        => Assert.Equal(OnnxFormat.ToBytes(Group(Network(), 0, workers: 1).Model), OnnxFormat.ToBytes(Group(Network(), 0, workers: 3).Model));

    [SharedTheory("mnist", "cifar10", "mlperf_tiny", "imagenet")]
    [InlineData("mnist/lenet_bn.onnx", 4)]
    [InlineData("cifar10/resnet8_bn.onnx", 10)]
    [InlineData("mlperf_tiny/kws_dscnn_bn.onnx", 10)]
    [InlineData("imagenet/mobilenet_v2_bn.onnx", 53)]
    public void Run_OfARealNetwork_GroupsEveryLayerAndComputesTheSame(string file, int layers)
    {
        var model = OnnxFormat.Read(SharedData.PathOf(file));
        model.Graph.FixInputDefaults();
        RewritePipeline.Simplify.Run(model);
        using var session = FloatEquality.Open(model);
        var (grouped, done) = Group(model, double.NegativeInfinity, samples: [new Sample(0, "made", FloatEquality.InputsOf(session, 3), null)]);

        Assert.Equal(layers, done.Count);
        FloatEquality.AssertSame(model, grouped);
    }

    [Theory]
    [InlineData("generic")]
    [InlineData("fpga-int8")]
    public void Quantize_WhereWeightsOfChannelsAreUnlike_GainsAndTellsSo(string target)
    {
        var (never, auto, always) = (Quantize(target, RefinementUse.Never).Report, Quantize(target, RefinementUse.Auto).Report, Quantize(target, RefinementUse.Always).Report);

        Assert.Empty(never.Refinements);
        Assert.True(auto.Sqnr > never.Sqnr + 6, $"{never.Sqnr} to {auto.Sqnr} dB");
        Assert.True(always.Sqnr > never.Sqnr + 6, $"{never.Sqnr} to {always.Sqnr} dB");
        Assert.Equal(["front", "depthwise"], auto.Refinements.Select(r => r.Tensor));
        Assert.Equal(Layers, always.Refinements.Select(r => r.Tensor));
        Assert.All(auto.Refinements, r => Assert.True(r is { Refinement: "channel-grouping", Gain: > 5, OutputGain: > 2 }, $"{r}"));
        Assert.Contains(auto.Refinements[0].Done, Assert.Single(auto.Layers, l => l.Name == "front/group1").Reason, StringComparison.Ordinal);

        // Parts of one layer are never too unlike for one scale.
        Assert.All(always.Layers.Where(l => l.OpType != "Gather"), l => Assert.NotEqual("float", l.Decision));
    }

    [Theory]
    [InlineData("generic")]
    [InlineData("fpga-int8")]
    public void Quantize_OfOneConvolution_LosesLessInEveryGroup(string target)
    {
        double[] ErrorsOf(RefinementUse use) => OutputErrors(Quantize(target, use, o => o with { ActivationBits = 8, WeightBits = 5 }, layers: 1).Model, Network(layers: 1));
        var (never, always) = (ErrorsOf(RefinementUse.Never), ErrorsOf(RefinementUse.Always));

        for (int size = 0; size < 3; size++)
        {
            double Sum(double[] errors) => errors.Where((_, c) => c % 3 == size).Sum();
            Assert.True(Sum(always) <= Sum(never) * 1.05, $"channels of size {size}: {Sum(never)} to {Sum(always)}");
        }

        Assert.True(always.Sum() < 0.9 * never.Sum(), $"{never.Sum()} to {always.Sum()}");
    }

    [Fact]
    public void Quantize_AtNormalEffort_GroupsOnlyWhereItMust()
        => Assert.Empty(Quantize("generic", RefinementUse.Auto, o => o with { Effort = Effort.Normal }).Report.Refinements);

    [Fact]
    public void Quantize_WhereChannelsAreAlike_LeavesThemAlone()
        => Assert.Empty(Quantize("generic", RefinementUse.Auto, spread: 1).Report.Refinements);

    [Fact]
    public void Quantize_WithALayerKeptFloat_DoesNotGroupIt()
    {
        var report = Quantize("generic", RefinementUse.Always, o => o with { KeepFloat = ["front"], Layers = [LayerSetting.Parse("last: float")] }).Report;

        Assert.Equal(["depthwise", "back"], report.Refinements.Select(r => r.Tensor));
        Assert.All(["front", "last"], name => Assert.Equal("float", Assert.Single(report.Layers, l => l.Name == name).Decision));
    }

    [Fact]
    public void Quantize_WithSettingsForALayer_AppliesThemToItsGroups()
    {
        var report = Quantize("generic", RefinementUse.Always, o => o with { Layers = [LayerSetting.Parse("front: weight-bits=6 threshold=2.5")] }).Report;

        var groups = report.Layers.Where(l => l.Name.StartsWith("front/group", StringComparison.Ordinal)).ToArray();
        Assert.Equal(3, groups.Length);
        Assert.All(groups, g => Assert.Contains("6 bits", g.Reason, StringComparison.Ordinal));
        Assert.Equal(2.5f, Assert.Single(report.Tensors, t => t.Name == "calmed/group0").Scale * 32767, 1e-4f);
        Assert.Equal(groups.Select(g => g.Name), report.Choices.Select(c => c.Layer));
    }

    [Theory]
    [InlineData("generic", false)]
    [InlineData("onnxruntime", true)]
    public void Run_OfTheQuantizedNetwork_GivesWhatOnnxRuntimeGives(string target, bool perTensor)
    {
        var quantized = Quantize(target, RefinementUse.Always, o => o with { ActivationBits = 8, Form = OutputForm.QOperator, IntegerOutputs = true, Layers = perTensor ? [LayerSetting.Parse("*: weights=per-tensor")] : [] }).Model;

        Assert.InRange(quantized.Graph.Nodes.Count(n => n.OpType == "QLinearConv"), 8, 16);

        // With its optimizer, ONNX Runtime has no kernel for convolutions of signed integers.
        var options = perTensor ? null : new FloatSessionOptions { Optimization = GraphOptimization.None };
        using var session = new IntegerSession(ModelRunner.ProgramOf(quantized, Input(0).Inputs));
        for (int i = 0; i < 8; i++)
        {
            Assert.Equal(Judge.Run(quantized, Input(i).Inputs, options)[0], session.Run(Input(i).Inputs)[0].ToFloats());
        }
    }

    [CompilerTheory("gcc")]
    [InlineData("generic", CLoops.Fast)]
    [InlineData("fpga-int8", CLoops.Plain)]
    public async Task Run_OfTheC_GivesTheIntegersOfTheEngine(string target, CLoops loops)
    {
        var quantized = Quantize(target, RefinementUse.Always, o => o with { ActivationBits = 8, IntegerOutputs = true }).Model;
        var samples = SampleSources.FromMemory([.. Enumerable.Range(0, 8).Select(Input)]);
        using var compiled = new CompiledC(CExport.Of(quantized, "grouped", samples, loops: loops));
        await compiled.RepeatVectors("-O1", "-fsanitize=undefined,address", "-fno-sanitize-recover=all");
        var arithmetic = target == "generic" ? new MultiplierArithmetic(MultiplierRounding.Single) : null;
        var (inputs, outputs) = CompiledC.RunEngine(ModelRunner.ProgramOf(quantized, Input(0).Inputs, new ModelRunOptions { Arithmetic = arithmetic }), samples);
        Assert.Equal(outputs, await compiled.Run(inputs, "-O3"));

        // Channels are taken by tables of channels, not of elements.
        Assert.DoesNotContain(FormattableString.Invariant($"_sources[{Channels * Side * Side / 3}]"), compiled.Project.Files["grouped.c"], StringComparison.Ordinal);
    }

    private static (Model Model, QuantizationReport Report) Quantize(string target, RefinementUse use, Func<QuantizerOptions, QuantizerOptions>? with = null, float spread = 4, int layers = 4)
    {
        using var folder = new TemporaryFolder();
        OnnxFormat.Write(Network(spread, layers), folder["net.onnx"]);
        var options = new QuantizerOptions { Target = target, ChannelGrouping = use, Effort = use == RefinementUse.Auto ? Effort.High : Effort.Normal, ActivationBits = 16, Equalization = RefinementUse.Never, Splitting = RefinementUse.Never, Threads = 2 };
        var quantized = new Quantizer(with?.Invoke(options) ?? options).Quantize(folder["net.onnx"], SampleSources.FromMemory([.. Enumerable.Range(0, 24).Select(Input)]));
        return (quantized.Model, quantized.Report);
    }

    // Of each channel of the output, over samples that were not seen.
    private static double[] OutputErrors(Model quantized, Model model)
    {
        var errors = new double[Channels];
        foreach (var inputs in Enumerable.Range(100, 16).Select(n => Input(n).Inputs))
        {
            var (wanted, given) = (Judge.Run(model, inputs)[0], Judge.Run(quantized, inputs, new FloatSessionOptions { IntegerKernels = false })[0]);
            for (int i = 0; i < wanted.Length; i++)
            {
                errors[i / (Side * Side)] += Math.Pow(wanted[i] - given[i], 2);
            }
        }

        return errors;
    }

    private static (Model Model, IReadOnlyList<GroupedLayer> Done) Group(Model model, double leastGain, int workers = 2, Sample[]? samples = null)
    {
        samples ??= [.. Enumerable.Range(0, 8).Select(n => model.Graph.Inputs[0].Name == "x" ? Input(n) : Row(n))];
        var types = TypeProbe.Run(model, samples[0].Inputs);
        var copy = model.Clone();
        var plan = Planner.Build(copy.Graph, TargetCatalog.Find("generic") with { Activations = QuantType.Int16 }, types, []);
        return (copy, ChannelGrouping.Run(copy, plan, types, samples, leastGain, workers, CancellationToken.None));
    }

    // Every third channel has weights 4, every other third 16 times as small as the rest; what reads it makes up for that.
    private static Model Network(float spread = 4, int layers = 4)
    {
        var model = new Model(new Graph("net"));
        model.Opsets.Add(string.Empty, 13);
        var graph = model.Graph;
        float Size(int c) => MathF.Pow(spread, -(c % 3));
        var front = Conv(graph, graph.AddInput("x", TensorType.Of(ElementType.Float32, new Shape(1, 3, Side, Side))), "front", Channels, 3, (o, _) => Size(o), 1);
        if (layers == 1)
        {
            graph.AddOutput(Typed(front));
            return model;
        }

        var calmed = graph.Add("Relu", [front], "calmed");
        var depthwise = Conv(graph, calmed, "depthwise", Channels, 1, (o, _) => 1 / (Size(o) * Size(o)), 2, group: Channels);
        var back = Conv(graph, graph.Add("Relu", [depthwise], "tamed"), "back", 8, Channels, (_, i) => Size(i), 3);
        graph.AddOutput(Typed(Conv(graph, back, "last", 4, 8, (_, _) => 1, 4)));
        return model;
    }

    private static Value Conv(Graph graph, Value input, string name, int outputs, int inputs, Func<int, int, float> size, int seed, int group = 1)
    {
        float[] weights = [.. Random(outputs * inputs * 9, seed).Select((w, i) => w * size(i / (inputs * 9), i / 9 % inputs))];
        float[] bias = [.. Random(outputs, seed + 10).Select((b, o) => b * size(o, 0))];
        var node = graph.AddNode(
            "Conv", [input, graph.AddConstant(name + "_w", Tensor.FromArray(weights, new Shape(outputs, inputs, 3, 3))), graph.AddConstant(name + "_b", Tensor.FromArray(bias, new Shape(outputs)))], [name]);
        node.SetAttribute("pads", new long[] { 1, 1, 1, 1 });
        node.SetAttribute("group", group);
        return node.Output;
    }

    private static Model Perceptron(bool transposed)
    {
        var model = new Model(new Graph("perceptron"));
        model.Opsets.Add(string.Empty, 13);
        var graph = model.Graph;
        Value Gemm(Value data, string name, int outputs, int seed, bool hasBias)
        {
            var weights = graph.AddConstant(name + "_w", Tensor.FromArray(Random(Channels * outputs, seed), transposed ? new Shape(outputs, Channels) : new Shape(Channels, outputs)));
            var gemm = graph.AddNode("Gemm", hasBias ? [data, weights, graph.AddConstant(name + "_b", Tensor.FromArray(Random(outputs, seed), new Shape(outputs)))] : [data, weights], [name]);
            gemm.SetAttribute("transB", transposed ? 1 : 0);
            return gemm.Output;
        }

        var input = graph.AddInput("row", TensorType.Of(ElementType.Float32, new Shape(2, Channels)));
        graph.AddOutput(Typed(Gemm(graph.Add("Relu", [Gemm(input, "first", Channels, 7, hasBias: true)], "rectified"), "second", 8, 8, hasBias: false)));
        return model;
    }

    private static Sample Input(int seed) => SampleOf(seed, "x", Random(3 * Side * Side, 100 + seed), new Shape(1, 3, Side, Side));

    private static Sample Row(int seed) => SampleOf(seed, "row", Random(2 * Channels, 100 + seed), new Shape(2, Channels));
}
