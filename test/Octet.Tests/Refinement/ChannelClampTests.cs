using Octet.Calibration;
using Octet.Data;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Inference;
using Octet.Lowering;
using Octet.Numerics;
using Octet.Operators;
using Octet.Planning;
using Octet.Planning.Targets;
using Octet.Refinement;
using Octet.Rewrites;
using Octet.Tests.Analysis.Causes;
using Octet.Tests.Lowering;
using Octet.Tests.Rewrites;

namespace Octet.Tests.Refinement;

/// <summary>Equalization through clamps with an upper bound.</summary>
public sealed class ChannelClampTests
{
    private const int Channels = 4;
    private const float Bound = 1;

    private static readonly string[] Clamps = ["wide", "deep", "flat"];

    public static TheoryData<string> Targets => ["onnxruntime", "onnxruntime-s8s8", "generic", "fpga-int8"];

    // Through convolutions, depthwise ones and dense layers.
    [Theory]
    [MemberData(nameof(Targets))]
    public void Run_GivesEachChannelItsBoundAndComputesTheSame(string target)
    {
        var model = Made();
        var (equalized, groups) = Equalize(model, target, always: true);

        Assert.Equal(Clamps, groups.SelectMany(g => g.Bounded));
        Assert.Equal(3, equalized.Graph.Nodes.Count(n => n.Is("Min")));
        FloatEquality.AssertSame(model, equalized);
        foreach (string clamp in Clamps)
        {
            Assert.True(Extremes(model, clamp).Largest.Max() == Bound, $"{clamp}: {Extremes(model, clamp).Largest.Max()}");
            float[] bounds = BoundsOf(equalized, clamp);
            Assert.True(bounds.Max() > 1.2f * bounds.Min(), "the test's channels must differ");
            Assert.True(Extremes(equalized, clamp).Largest.Max() <= bounds.Min() * 1.00001f, "what the samples hold must stay below the least bound");
        }
    }

    // Inputs unlike the samples reach the bounds of channels that the samples leave small.
    [Fact]
    public void Run_WhereInputsGoBeyondTheSamples_ComputesTheSame()
    {
        var model = Made();
        foreach (string layer in Clamps.Select(c => c + "_in"))
        {
            var bias = model.Graph.Find(layer)!.Producer!.Inputs[2]!;
            bias.SetConstant(Tensor.FromArray([.. bias.Constant!.ToFloats().Select(b => b - 0.2f)], bias.Constant.Shape));
        }

        var (equalized, _) = Equalize(model, "generic", Samples(0.2f));
        float[] beyond = [.. Clamps.Select(c => Extremes(equalized, c, Samples(5)).Largest.Max() / BoundsOf(equalized, c).Min())];
        Assert.Contains(beyond, b => b > 1.5);
        FloatEquality.AssertSame(model, equalized);
    }

    [Theory]
    [InlineData(6, 0.5, 0.5)]
    [InlineData(3, 0.3, 0.25)]
    public void Run_WithPowersOfTwo_EndsTheRangeAtOne(float bound, float given, float capped)
    {
        var model = Made(bound);
        var (equalized, groups) = Equalize(model, "fpga-int8", always: true);
        Assert.NotEmpty(groups);
        var plan = PlanOf(equalized, "fpga-int8", groups);
        foreach (var slot in plan.Slots.Where(s => s.Cap is not null))
        {
            float cap = slot.Cap!.Value;
            Assert.Equal(PowerOfTwo.AtLeast(cap), cap);
            Assert.Equal(cap / 128, plan.Capped(slot.Tensor, new QuantParams(QuantType.Int8, cap, 0)).Scale);
        }

        Assert.Equal(3, plan.Slots.Count(s => s.Cap is not null));
        var own = plan with { Slots = [.. plan.Slots.Select(s => s.Cap is null ? s : s with { Cap = 128 * given })] };
        Assert.Equal(capped, own.Capped("wide", new QuantParams(QuantType.Int8, 8, 0)).Scale);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Quantize_LeavesNoBoundBehind(string target)
    {
        var quantized = Quantize(Made(), new QuantizerOptions { Target = target });

        Assert.Contains(quantized.Report.Refinements, r => r.Refinement == "equalization");
        Assert.Contains(quantized.Plan!.Slots, s => s.Cap is not null);
        Assert.DoesNotContain(quantized.Model.Graph.Nodes, n => n.Is("Min"));
        Assert.True(target != "onnxruntime" || !quantized.Model.Graph.Nodes.Any(n => n.Is("Clip")));
        Assert.All(quantized.Plan.Layers.Where(l => l.Role is OperatorRole.Clamping), l => Assert.Equal(LayerDecision.Absorbed, l.Decision));
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("max")]
    [InlineData("kl")]
    [InlineData("ppq-percentile")]
    public void Quantize_WithAnyMethod_EndsRangesAtTheLeastBound(string method)
    {
        foreach (string target in (string[])["onnxruntime", "fpga-int8"])
        {
            var quantized = Quantize(Made(), new QuantizerOptions { Target = target, Method = method, Equalization = RefinementUse.Always });
            TensorSlot[] capped = [.. quantized.Plan!.Slots.Where(s => s.Cap is not null)];
            Assert.Equal(3, capped.Length);
            Assert.All(capped, s => Assert.Equal(s.Params!.Type.Max, s.Params.Quantize(s.Cap!.Value)));
            Assert.DoesNotContain(quantized.Model.Graph.Nodes, n => n.Is("Min"));
        }
    }

    [Fact]
    public void Quantize_WithHighEffort_SearchesRangesBelowTheLeastBound()
    {
        var quantized = Quantize(Made(), new QuantizerOptions { Effort = Effort.High, Equalization = RefinementUse.Always });

        Assert.Equal(3, quantized.Plan!.Slots.Count(s => s.Cap is not null));
        Assert.DoesNotContain(quantized.Model.Graph.Nodes, n => n.Is("Min"));
    }

    [Theory]
    [InlineData("onnxruntime", OutputForm.Qdq)]
    [InlineData("onnxruntime", OutputForm.QOperator)]
    [InlineData("fpga-int8", OutputForm.Qdq)]
    public void Quantize_GivesInTheEngineWhatOnnxRuntimeGives(string target, OutputForm form)
    {
        var quantized = Quantize(Made(), new QuantizerOptions { Target = target, Form = form });
        Assert.Contains(quantized.Plan!.Slots, s => s.Cap is not null);
        var options = target == "fpga-int8" ? new FloatSessionOptions { Optimization = GraphOptimization.None } : new FloatSessionOptions();
        var program = ModelRunner.ProgramOf(quantized.Model, Samples(1)[0].Inputs);
        using var session = new IntegerSession(program);
        foreach (var sample in Samples(1).Concat(Samples(5)))
        {
            Assert.Equal(Judge.Run(quantized.Model, sample.Inputs, options)[0], session.Run(sample.Inputs)[0].ToFloats());
        }
    }

    // A range that ends beyond the least bound, as a plan that a hand corrected may have it: the bounds stay.
    [Theory]
    [InlineData("onnxruntime")]
    [InlineData("fpga-int8")]
    public void Lower_WhereARangeIsWiderThanTheBounds_KeepsThem(string target)
    {
        var model = Made();
        var samples = Samples(5);
        var (equalized, groups) = Equalize(model, target, samples, always: true);
        var plan = PlanOf(equalized, target, groups);
        var statistics = CalibrationSweep.Run(equalized, SampleSources.FromMemory(samples), new SweepRequest { Tensors = [.. plan.Observed] }, 1, null, CancellationToken.None);
        var solved = new ActivationRanges(equalized.Graph, plan, statistics, "max").Solve(1, null, CancellationToken.None);
        float most = BoundsOf(equalized, "wide").Max();
        var wide = solved with { Slots = [.. solved.Slots.Select(s => s.Tensor != "wide" ? s : s with { Params = new QuantParams(s.Params!.Type, PowerOfTwo.AtLeast(most / 127), s.Params.ZeroPoint) })] };

        Assert.DoesNotContain(Lowered(solved).Graph.Nodes, n => n.Is("Min"));
        var lowered = Lowered(wide);
        var without = lowered.Clone();
        var bounds = Assert.Single(without.Graph.Nodes, n => n.Is("Min"));
        bounds.Output.ReplaceWith(bounds.Inputs[0]!);
        without.Graph.RemoveUnused();
        Assert.Contains(samples, s => !Judge.Run(lowered, s.Inputs)[0].AsSpan().SequenceEqual(Judge.Run(without, s.Inputs)[0]));
        float[] All(Model of) => [.. samples.SelectMany(s => Judge.Run(of, s.Inputs)[0])];
        Assert.True(Judge.Sqnr(All(model), All(lowered)) > Judge.Sqnr(All(model), All(without)) + 1, "the bounds must bring the outputs nearer to those of the float model");
        foreach (var sample in samples)
        {
            float[] expected = Judge.Run(lowered, sample.Inputs, new FloatSessionOptions { Optimization = GraphOptimization.None })[0];
            using var session = new IntegerSession(ModelRunner.ProgramOf(lowered, sample.Inputs));
            Assert.True(Judge.Sqnr(expected, session.Run(sample.Inputs)[0].ToFloats()) > 30);
        }

        Model Lowered(Plan of) => QdqLowering.Lower(
            equalized, of, of.WeightedLayers.ToDictionary(l => l.Key, l => NearestWeights.Round(l.NodeIn(equalized.Graph), l, of.ParamsOf(l.DataInputs[0])), StringComparer.Ordinal)).Model;
    }

    // What a user wants of a range holds for the values as they are in the model.
    [Fact]
    public void Quantize_WhereAUserSetsTheRange_LeavesTheClampAlone()
    {
        var quantized = Quantize(Made(), new QuantizerOptions { Equalization = RefinementUse.Always, Layers = [LayerSetting.Parse("wide: threshold=3")] });

        var slot = quantized.Plan!.SlotOf("wide")!;
        Assert.Null(slot.Cap);
        Assert.Equal(3, slot.Params!.RealMax(), 0.05f);
        Assert.Single(quantized.Model.Graph.Nodes, n => n.Is("Clip"));
    }

    [SharedTheory("imagenet")]
    [InlineData("onnxruntime")]
    [InlineData("fpga-int8")]
    public void Run_OfMobileNetV2_GoesThroughItsClampsAndComputesTheSame(string target)
    {
        var model = OnnxFormat.Read(SharedData.PathOf("imagenet/mobilenet_v2_bn.onnx"));
        _ = RewritePipeline.Simplify.Run(model);
        Sample[] samples = [.. CleanModels.Samples("imagenet/mobilenet_v2_bn.onnx").Spread(4)];
        var (equalized, groups) = Equalize(model, target, samples, always: true);

        Assert.Equal(34, groups.Sum(g => g.Bounded.Length));
        FloatEquality.AssertSame(model, equalized);
    }

    private static (Model Model, IReadOnlyList<EqualizedGroup> Groups) Equalize(Model model, string target, Sample[]? samples = null, bool always = false)
    {
        samples ??= Samples(1);
        var copy = model.Clone();
        var types = TypeProbe.Run(model, samples[0].Inputs);
        var groups = Equalization.Run(copy, Planner.Build(copy.Graph, TargetCatalog.Find(target), types, []), types, samples, always, 2, CancellationToken.None);
        return (copy, groups);
    }

    private static Plan PlanOf(Model model, string target, IReadOnlyList<EqualizedGroup> groups)
        => Planner.Build(model.Graph, TargetCatalog.Find(target), TypeProbe.Run(model, Samples(1)[0].Inputs), [], groups.SelectMany(g => g.Bounded).ToHashSet());

    private static QuantizedModel Quantize(Model model, QuantizerOptions options)
    {
        using var folder = new TemporaryFolder();
        OnnxFormat.Write(model, folder["model.onnx"]);
        return new Quantizer(options).Quantize(folder["model.onnx"], SampleSources.FromMemory(Samples(1)));
    }

    private static ChannelExtremes Extremes(Model model, string value, Sample[]? samples = null)
        => ChannelExtremes.Observe(model, samples ?? Samples(1), [value], 1, CancellationToken.None)[value];

    private static float[] BoundsOf(Model model, string value) => model.Graph.Find(value)!.Producer!.Inputs[1]!.Constant!.ToFloats();

    // As in MobileNetV2: a convolution, a depthwise one, another, and two dense layers, with clamps behind; the channels of what they give differ tenfold and more.
    private static Model Made(float bound = Bound)
    {
        var graph = new Graph("made");
        var model = new Model(graph);
        model.Opsets.Add(string.Empty, 13);
        var (low, high) = (graph.AddConstant("low", Tensor.Scalar(0f)), graph.AddConstant("high", Tensor.Scalar(bound)));
        var random = new Random(6);
        float[] even = [1, 1, 1, 1];
        Value Layer(string opType, Value input, string name, float[] sizes, params long[] inputs)
        {
            var shape = new Shape([sizes.Length, .. inputs]);
            int each = (int)(shape.Count / sizes.Length);
            float[] weights = [.. sizes.SelectMany(s => Enumerable.Range(0, each).Select(_ => bound * s * (random.NextSingle() - 0.3f)))];
            float[] bias = [.. sizes.Select(s => 0.1f * s * random.NextSingle())];
            return graph.AddNode(opType, [input, graph.AddConstant(name + "_w", Tensor.FromArray(weights, shape)), graph.AddConstant(name + "_b", Tensor.FromArray(bias, new Shape(sizes.Length)))], [name]).Output;
        }

        var x = graph.AddInput("x", TensorType.Of(ElementType.Float32, new Shape(1, 3, 8, 8)));
        var wide = graph.Add("Clip", [Layer("Conv", x, "wide_in", [3, 0.2f, 0.04f, 0.02f], 3, 3, 3), low, high], "wide");
        var deep = Layer("Conv", wide, "deep_in", [1.4f, 0.3f, 0.3f, 2], 1, 3, 3);
        deep.Producer!.SetAttribute("group", Channels);
        var narrow = Layer("Conv", graph.Add("Clip", [deep, low, high], "deep"), "narrow", even, Channels, 1, 1);
        var rows = graph.Add("Flatten", [graph.Add("GlobalAveragePool", [narrow], "mean")], "rows");
        var flat = Layer("Gemm", rows, "flat_in", [16, 1, 0.3f, 0.2f], Channels);
        flat.Producer!.SetAttribute("transB", 1);
        var y = Layer("Gemm", graph.Add("Clip", [flat, low, high], "flat"), "y", even, Channels);
        y.Producer!.SetAttribute("transB", 1);
        y.Type = TensorType.Of(ElementType.Float32, new Shape(1, Channels));
        graph.AddOutput(y);
        return model;
    }

    private static Sample[] Samples(float scale) => [.. Enumerable.Range(0, 24).Select(seed =>
    {
        var random = new Random(seed);
        float[] values = [.. Enumerable.Range(0, 3 * 8 * 8).Select(_ => scale * (random.NextSingle() - 0.3f))];
        return new Sample(seed, $"made {seed}", new Dictionary<string, Tensor> { ["x"] = Tensor.FromArray(values, new Shape(1, 3, 8, 8)) }, null);
    })];
}
