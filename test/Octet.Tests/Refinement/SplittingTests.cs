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

public sealed class SplittingTests
{
    private const int Channels = 64;
    private const int Side = 8;
    private const int Rows = 32;
    private const int Planted = 5;

    // A bias below nearly all sums of the weights in front.
    private const float Seldom = -0.3f;

    [Theory]
    [InlineData(12, 1)]
    [InlineData(1, 12)]
    [InlineData(8, 8)]
    public void Run_WhenAChannelIsLarge_SplitsItAndComputesTheSame(float activation, float weight)
    {
        var model = Network(activation, weight);
        var (split, done) = Split(model);

        var one = Assert.Single(done);
        Assert.Equal(("rectified", Channels), (one.Tensor, one.Channels));
        Assert.InRange(one.Added, 1, 4);
        Assert.InRange(one.Gain, 3, 40);
        Assert.Equal(["end"], one.Layers.AsEnumerable());
        FloatEquality.AssertSame(model, split);
        Assert.Equal(Channels + one.Added, split.Graph.Find("left_w")!.Constant!.Shape[0]);
        Assert.Equal(Channels + one.Added, split.Graph.Find("end_w")!.Constant!.Shape[1]);
        Assert.True(LargestOf(split, "left_w", 0) * LargestOf(split, "end_w", 1) < 0.7 * LargestOf(model, "left_w", 0) * LargestOf(model, "end_w", 1));
    }

    [Fact]
    public void Run_AcrossASum_SplitsWhatIsAddedAlike()
    {
        var model = Network(12, 1, sum: true);
        var (split, done) = Split(model, double.NegativeInfinity);

        int added = Assert.Single(done).Added;
        FloatEquality.AssertSame(model, split);
        Assert.Equal(Channels + added, split.Graph.Find("right_w")!.Constant!.Shape[0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_BetweenMatrixProducts_SplitsAndComputesTheSame(bool transposed)
    {
        var model = Perceptron(transposed);
        var (split, done) = Split(model, double.NegativeInfinity);

        Assert.InRange(Assert.Single(done).Added, 1, 4);
        FloatEquality.AssertSame(model, split);
    }

    [Fact]
    public void Run_WhereTheActivationIsAnOutput_LeavesItAlone()
    {
        var model = Network(12, 1);
        model.Graph.AddOutput(model.Graph.Find("rectified")!);

        Assert.Empty(Split(model, double.NegativeInfinity).Done);
    }

    [Fact]
    public void Run_WhereNothingIsLarge_SplitsOnlyWhenItMust()
    {
        var model = Network(1, 1);

        Assert.Empty(Split(model).Done);
        var (split, done) = Split(model, double.NegativeInfinity);
        Assert.InRange(Assert.Single(done).Added, 1, 4);
        FloatEquality.AssertSame(model, split);
    }

    [Fact]
    public void Run_WithAnyNumberOfWorkers_GivesTheSameBytes()
        => Assert.Equal(OnnxFormat.ToBytes(Split(Network(8, 8), workers: 1).Model), OnnxFormat.ToBytes(Split(Network(8, 8), workers: 3).Model));

    [Fact]
    public void Quantize_WithAChannelThatIsSeldomLarge_GainsWhatScalingAloneCannotAndTellsSo()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "net.onnx");
        OnnxFormat.Write(Network(10, 2), path);
        QuantizationReport Report(RefinementUse use)
            => new Quantizer(new QuantizerOptions { Splitting = use, Threads = 2 }).Quantize(path, SampleSources.FromMemory([.. Enumerable.Range(0, 24).Select(Input)])).Report;
        var (never, auto) = (Report(RefinementUse.Never), Report(RefinementUse.Auto));

        Assert.Empty(never.Refinements);
        Assert.True(auto.Sqnr > never.Sqnr + 3, $"{never.Sqnr} to {auto.Sqnr} dB");
        var told = Assert.Single(auto.Refinements);
        Assert.Equal(("splitting", "rectified"), (told.Refinement, told.Tensor));
        Assert.True(told is { Gain: > 3, OutputGain: > 1 }, $"{told}");
        Assert.Contains(told.Done, Assert.Single(auto.Layers, l => l.Name == "end").Reason, StringComparison.Ordinal);
    }

    private static (Model Model, IReadOnlyList<SplitActivation> Done) Split(Model model, double leastGain = 3, int workers = 2)
    {
        string input = model.Graph.Inputs[0].Name;
        Sample[] samples = [.. Enumerable.Range(0, 8).Select(n => input == "x" ? Input(n) : Row(n))];
        var types = TypeProbe.Run(model, samples[0].Inputs);
        var copy = model.Clone();
        var plan = Planner.Build(copy.Graph, TargetCatalog.Find("onnxruntime"), types, []);
        return (copy, Splitting.Run(copy, plan, types, samples, leastGain, 0, workers, CancellationToken.None));
    }

    // Of the planted channel and its copies.
    private static float LargestOf(Model model, string weights, int axis)
    {
        var tensor = model.Graph.Find(weights)!.Constant!;
        int inner = (int)tensor.Shape.CountAfter(axis);
        return tensor.ToFloats().Where((_, i) => i / inner % tensor.Shape[axis] == Planted).Max(Math.Abs);
    }

    // Convolutions with a rectifier between; one channel, which is seldom other than zero, is large in front, in what reads it, or in both.
    private static Model Network(float activation, float weight, bool sum = false)
    {
        var model = new Model(new Graph("net"));
        model.Opsets.Add(string.Empty, 13);
        var graph = model.Graph;
        var input = graph.AddInput("x", TensorType.Of(ElementType.Float32, new Shape(1, 3, Side, Side)));
        var left = Conv(graph, input, "left", Channels, 3, o => o == Planted ? 8 * activation : 1, _ => 1, 1);
        var front = sum ? graph.Add("Add", [left, Conv(graph, input, "right", Channels, 3, o => o == Planted ? 8 * activation : 1, _ => 1, 2)], "sum") : left;
        graph.AddOutput(Typed(Conv(graph, graph.Add("Relu", [front], "rectified"), "end", 8, Channels, _ => 1, i => i == Planted ? weight : 1, 3)));
        return model;
    }

    private static Value Conv(Graph graph, Value input, string name, int outputs, int inputs, Func<int, float> front, Func<int, float> behind, int seed)
    {
        float[] weights = [.. Random(outputs * inputs * 9, seed).Select((w, i) => w * front(i / (inputs * 9)) * behind(i / 9 % inputs))];
        float[] bias = [.. Random(outputs, seed + 10).Select((b, o) => front(o) == 1 ? b : Seldom * front(o))];
        var node = graph.AddNode(
            "Conv", [input, graph.AddConstant(name + "_w", Tensor.FromArray(weights, new Shape(outputs, inputs, 3, 3))), graph.AddConstant(name + "_b", Tensor.FromArray(bias, new Shape(outputs)))], [name]);
        node.SetAttribute("pads", new long[] { 1, 1, 1, 1 });
        return node.Output;
    }

    private static Model Perceptron(bool transposed)
    {
        var model = new Model(new Graph("perceptron"));
        model.Opsets.Add(string.Empty, 13);
        var graph = model.Graph;
        var input = graph.AddInput("row", TensorType.Of(ElementType.Float32, new Shape(Rows, Channels)));
        Value Gemm(Value data, string name, int outputs, float outlier, int seed)
        {
            int Output(int i) => transposed ? i / Channels : i % outputs;
            float[] weights = [.. Random(Channels * outputs, seed).Select((w, i) => Output(i) == Planted ? w * outlier : w)];
            float[] bias = [.. Random(outputs, seed + 10).Select((b, o) => outlier != 1 && o == Planted ? 2 * Seldom * outlier : b)];
            var gemm = graph.AddNode("Gemm", [data, graph.AddConstant(name + "_w", Tensor.FromArray(weights, transposed ? new Shape(outputs, Channels) : new Shape(Channels, outputs))), graph.AddConstant(name + "_b", Tensor.FromArray(bias, new Shape(outputs)))], [name]);
            gemm.SetAttribute("transB", transposed ? 1 : 0);
            return gemm.Output;
        }

        graph.AddOutput(Typed(Gemm(graph.Add("Relu", [Gemm(input, "first", Channels, 60, 7)], "rectified"), "second", 8, 1, 8)));
        return model;
    }

    private static Sample Input(int seed) => SampleOf(seed, "x", Random(3 * Side * Side, 100 + seed), new Shape(1, 3, Side, Side));

    private static Sample Row(int seed) => SampleOf(seed, "row", Random(Rows * Channels, 100 + seed), new Shape(Rows, Channels));
}
