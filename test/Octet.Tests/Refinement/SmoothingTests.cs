using Octet.Data;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Planning;
using Octet.Planning.Targets;
using Octet.Refinement;
using Octet.Tests.Rewrites;
using static Octet.Tests.Refinement.MadeNet;

namespace Octet.Tests.Refinement;

public sealed class SmoothingTests
{
    private const int Channels = 32;
    private const int Rows = 12;

    // Two of the channels are so much larger than the others.
    private const float Outlier = 60;

    [Fact]
    public void Run_BehindALayerNormalization_FoldsAndComputesTheSame()
    {
        var model = Network(Outlier);
        var (smoothed, done) = Smooth(model);

        var one = Assert.Single(done);
        Assert.Equal(("normal", true), (one.Tensor, one.Folded));
        Assert.InRange(one.Gain, 6, 60);
        Assert.Equal(["left", "right"], one.Layers.AsEnumerable());
        Assert.Equal(model.Graph.NodeCount, smoothed.Graph.NodeCount);
        FloatEquality.AssertSame(model, smoothed);
        var (before, after) = (Largest(model, "normal"), Largest(smoothed, "normal"));
        Assert.True(after.Max() / after.Order().ElementAt(Channels / 2) < before.Max() / before.Order().ElementAt(Channels / 2) / 4);
    }

    [Theory]
    [InlineData("read by a sum")]
    [InlineData("an output")]
    public void Run_WhereTheActivationIsAlso_MultipliesItForTheProductsAlone(string also)
    {
        var model = Network(Outlier, sum: also == "read by a sum");
        if (also == "an output")
        {
            model.Graph.AddOutput(model.Graph.Find("normal")!);
        }

        var (smoothed, done) = Smooth(model);

        Assert.False(Assert.Single(done).Folded);
        Assert.Equal(model.Graph.NodeCount + 1, smoothed.Graph.NodeCount);
        Assert.Equal(Largest(model, "normal"), Largest(smoothed, "normal"));
        FloatEquality.AssertSame(model, smoothed);
    }

    [Fact]
    public void Run_BehindReshapes_ReachesTheNormalization()
    {
        var model = Network(Outlier, reshape: true);
        var (smoothed, done) = Smooth(model);

        Assert.True(Assert.Single(done).Folded);
        Assert.Equal("normal", done[0].Tensor);
        FloatEquality.AssertSame(model, smoothed);
    }

    [Fact]
    public void Run_BehindAProductAndASumOfConstants_FoldsIntoThem()
    {
        var model = Network(Outlier, written: true);
        var (smoothed, done) = Smooth(model);

        Assert.True(Assert.Single(done).Folded);
        FloatEquality.AssertSame(model, smoothed);
    }

    [Fact]
    public void Run_BehindAProductAndARectifier_FoldsIntoTheWeightsWhereTheyHaveAScaleAChannel()
    {
        var model = Perceptron();
        var (smoothed, done) = Smooth(model);

        Assert.True(Assert.Single(done).Folded);
        FloatEquality.AssertSame(model, smoothed);
        Assert.Empty(Smooth(model, target: "generic").Done);
    }

    [Fact]
    public void Run_WhenChannelsAreAlike_DoesNothingUnlessAlways()
    {
        var model = Network(1);
        model.Graph.Find("bias")!.SetConstant(Tensor.FromArray(new float[Channels], new Shape(Channels)));
        foreach (var weights in (Value[])[model.Graph.Find("left_w")!, model.Graph.Find("right_w")!])
        {
            weights.SetConstant(Tensor.FromArray([.. weights.Constant!.ToFloats().Select(w => w < 0 ? -0.3f : 0.3f)], weights.Constant.Shape));
        }

        Assert.Empty(Smooth(model, input: Signs).Done);
        var (smoothed, done) = Smooth(model, always: true, input: Signs);
        Assert.Single(done);
        FloatEquality.AssertSame(model, smoothed);
    }

    [Fact]
    public void Run_WithAnyNumberOfWorkers_GivesTheSameBytes()
        => Assert.Equal(OnnxFormat.ToBytes(Smooth(Network(Outlier), workers: 1).Model), OnnxFormat.ToBytes(Smooth(Network(Outlier), workers: 3).Model));

    [Fact]
    public void Quantize_WithOutliersPlanted_GainsManyDecibelsAndTellsSo()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "net.onnx");
        OnnxFormat.Write(Network(Outlier), path);
        QuantizationReport Report(RefinementUse use)
            => new Quantizer(new QuantizerOptions { Smoothing = use, Threads = 2 }).Quantize(path, SampleSources.FromMemory([.. Enumerable.Range(0, 24).Select(Input)])).Report;
        var (never, auto) = (Report(RefinementUse.Never), Report(RefinementUse.Auto));

        Assert.Empty(never.Refinements);
        Assert.True(auto.Sqnr > never.Sqnr + 5, $"{never.Sqnr} to {auto.Sqnr} dB");
        var told = Assert.Single(auto.Refinements);
        Assert.Equal(("smoothing", "normal"), (told.Refinement, told.Tensor));
        Assert.Contains(told.Done, Assert.Single(auto.Layers, l => l.Name == "left").Reason, StringComparison.Ordinal);
    }

    private static (Model Model, IReadOnlyList<SmoothedActivation> Done) Smooth(Model model, bool always = false, int workers = 2, string target = "onnxruntime", Func<int, Sample>? input = null)
    {
        Sample[] samples = [.. Enumerable.Range(0, 8).Select(input ?? Input)];
        var types = TypeProbe.Run(model, samples[0].Inputs);
        var copy = model.Clone();
        var plan = Planner.Build(copy.Graph, TargetCatalog.Find(target), types, []);
        return (copy, Smoothing.Run(copy, plan, types, samples, always, workers, CancellationToken.None));
    }

    private static float[] Largest(Model model, string value)
        => SampledActivations.Observe(model, [Input(0)], [(value, Channels)], 1, CancellationToken.None)[0].Largest;

    // A normalization whose scale makes two channels large, and two products that read it.
    private static Model Network(float outlier, bool sum = false, bool reshape = false, bool written = false)
    {
        var (model, input) = Empty();
        var graph = model.Graph;
        float[] scale = [.. Enumerable.Range(0, Channels).Select(c => c is 5 or 19 ? outlier : 1)];
        var (scales, biases) = (Constant(graph, "scale", scale), Constant(graph, "bias", Random(Channels, 1)));
        var normal = written
            ? graph.Add("Add", [biases, graph.Add("Mul", [Normalized(graph, input, "plain", Constant(graph, "ones", [.. scale.Select(_ => 1f)]), null), scales], "scaled")], "normal")
            : Normalized(graph, input, "normal", scales, biases);
        var read = reshape ? graph.Add("Reshape", [normal, graph.AddConstant("shape", Tensor.FromArray([-1L, Channels], new Shape(2)))], "rows") : normal;
        var left = Product(graph, read, "left", 40, 2);
        var right = Product(graph, read, "right", Channels, 3);
        graph.AddOutput(Typed(left));
        graph.AddOutput(Typed(sum ? graph.Add("Add", [right, normal], "sum") : right));
        return model;
    }

    // Two products with a rectifier between; some channels of what it gives are large.
    private static Model Perceptron()
    {
        var (model, input) = Empty();
        var graph = model.Graph;
        var first = graph.Add("MatMul", [input, graph.AddConstant("first_w", Tensor.FromArray(
            [.. Random(Channels * Channels, 4).Select((w, i) => i % Channels is 5 or 19 ? w * Outlier : w)], new Shape(Channels, Channels)))], "first");
        graph.AddOutput(Typed(Product(graph, graph.Add("Relu", [first], "rectified"), "second", 24, 5)));
        return model;
    }

    private static (Model Model, Value Input) Empty()
    {
        var model = new Model(new Graph("net"));
        model.Opsets.Add(string.Empty, 17);
        return (model, model.Graph.AddInput("x", TensorType.Of(ElementType.Float32, new Shape(1, Rows, Channels))));
    }

    private static Value Normalized(Graph graph, Value input, string name, Value scale, Value? bias)
        => graph.Add("LayerNormalization", bias is null ? [input, scale] : [input, scale, bias], name);

    private static Value Product(Graph graph, Value input, string name, int outputs, int seed)
        => graph.Add("MatMul", [input, graph.AddConstant(name + "_w", Tensor.FromArray(Random(Channels * outputs, seed), new Shape(Channels, outputs)))], name);

    private static Value Constant(Graph graph, string name, float[] values) => graph.AddConstant(name, Tensor.FromArray(values, new Shape(values.Length)));

    private static float[] Random(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.5f) * 0.6f)];
    }

    private static Sample Input(int seed) => SampleOf(seed, Random(Rows * Channels, 100 + seed));

    // As many of 1 as of −1 in each row, so that a normalization leaves them so.
    private static Sample Signs(int seed)
    {
        var random = new Random(seed);
        return SampleOf(seed, [.. Enumerable.Range(0, Rows).SelectMany(_ =>
        {
            float[] row = [.. Enumerable.Range(0, Channels).Select(c => c % 2 == 0 ? 1f : -1)];
            random.Shuffle(row);
            return row;
        })]);
    }

    private static Sample SampleOf(int index, float[] values)
        => new(index, "made", new Dictionary<string, Tensor> { ["x"] = Tensor.FromArray(values, new Shape(1, Rows, Channels)) }, null);
}
