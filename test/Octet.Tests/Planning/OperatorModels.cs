using Octet.Data;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;
using Octet.Tests.Lowering;

namespace Octet.Tests.Planning;

/// <summary>For each operator of the targets' tables a model with it between two convolutions, so that it stands inside an integer region.</summary>
internal static class OperatorModels
{
    private const int Channels = 8;

    private static readonly Dictionary<string, Func<Graph, Value, Value>> Middles = new(StringComparer.Ordinal)
    {
        ["Conv"] = (_, x) => x,
        ["Conv, Relu"] = (g, x) => g.Add("Relu", [x], "m"),
        ["Conv, Clip"] = (g, x) => g.Add("Clip", [x, g.AddConstant("low", Tensor.Scalar(0f)), g.AddConstant("high", Tensor.Scalar(6f))], "m"),
        ["Add"] = (g, x) => g.Add("Add", [x, Conv(g, g.Find("x")!, Channels, 21)], "m"),
        ["Add, Relu"] = (g, x) => g.Add("Relu", [g.Add("Add", [x, Conv(g, g.Find("x")!, Channels, 21)], "sum")], "m"),
        ["Mul"] = (g, x) => g.Add("Mul", [x, Conv(g, g.Find("x")!, Channels, 21)], "m"),
        ["Mul by gate"] = (g, x) => g.Add("Mul", [x, g.Add("Sigmoid", [x], "gate")], "m"),
        ["Concat"] = (g, x) => Node(g, "Concat", [x, Conv(g, g.Find("x")!, Channels, 21)], ("axis", 1L)),
        ["AveragePool"] = (g, x) => Node(g, "AveragePool", [x], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 })),
        ["GlobalAveragePool"] = (g, x) => g.Add("GlobalAveragePool", [x], "m"),
        ["MaxPool"] = (g, x) => Node(g, "MaxPool", [x], ("kernel_shape", new long[] { 2, 2 })),
        ["LeakyRelu"] = (g, x) => Node(g, "LeakyRelu", [x], ("alpha", 0.1f)),
        ["Sigmoid"] = (g, x) => g.Add("Sigmoid", [x], "m"),
        ["Softmax"] = (g, x) => Node(g, "Softmax", [x], ("axis", 1L)),
        ["Softmax of rows"] = (g, x) => Node(g, "Softmax", [x], ("axis", -1L)),
        ["Reshape"] = (g, x) => g.Add("Reshape", [x, Ints(g, 1, Channels, 9, 4)], "m"),
        ["Flatten"] = (g, x) => g.Add("Reshape", [g.Add("Flatten", [x], "flat"), Ints(g, 1, Channels, 6, 6)], "m"),
        ["Transpose"] = (g, x) => Node(g, "Transpose", [x], ("perm", new long[] { 0, 1, 3, 2 })),
        ["Squeeze, Unsqueeze"] = (g, x) => g.Add("Unsqueeze", [g.Add("Squeeze", [x, Ints(g, 0)], "squeezed"), Ints(g, 0)], "m"),
        ["Slice"] = (g, x) => g.Add("Slice", [x, Ints(g, 1), Ints(g, 5), Ints(g, 3)], "m"),
        ["Split"] = (g, x) => Split(g, x),
        ["Gather"] = (g, x) => Node(g, "Gather", [x, Ints(g, 5, 0, 3)], ("axis", 3L)),
        ["Tile"] = (g, x) => g.Add("Tile", [x, Ints(g, 1, 1, 2, 1)], "m"),
        ["Expand"] = (g, x) => g.Add("Expand", [x, Ints(g, 2, Channels, 6, 6)], "m"),
        ["DepthToSpace"] = (g, x) => Node(g, "DepthToSpace", [x], ("blocksize", 2L)),
        ["Resize"] = (g, x) => g.Add("Resize", [x, null, g.AddConstant("scales", Tensor.FromArray([1f, 1, 2, 2], new Shape(4)))], "m"),
        ["Gemm"] = (g, x) => g.Add("Reshape", [Gemm(g, g.Add("Reshape", [x, Ints(g, 6, 48)], "rows")), Ints(g, 1, Channels, 3, 10)], "m"),
        ["MatMul"] = (g, x) => g.Add("MatMul", [x, g.AddConstant("matrix", WeightedModels.Random(new Random(5), 0.4f, 6, 10))], "m"),
        ["MatMul of activations"] = (g, x) => g.Add("MatMul", [x, Conv(g, g.Find("x")!, Channels, 21)], "m"),
    };

    // What ONNX Runtime has no integer kernels for, and chips have.
    private static readonly Dictionary<string, Func<Graph, Value, Value>> OfChips = new(StringComparer.Ordinal)
    {
        ["ConvTranspose"] = (g, x) => Node(
            g, "ConvTranspose", [x, g.AddConstant("up", WeightedModels.Random(new Random(13), 0.2f, Channels, Channels, 3, 3))], ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }), ("output_padding", new long[] { 1, 1 })),
        ["ConvTranspose of groups"] = (g, x) => Node(
            g, "ConvTranspose", [x, g.AddConstant("up", WeightedModels.Random(new Random(13), 0.2f, Channels, 2, 2, 2)), g.AddConstant("b", WeightedModels.Random(new Random(14), 0.2f, Channels))], ("strides", new long[] { 2, 2 }), ("group", 4L)),
        ["Max"] = (g, x) => g.Add("Max", [x, Conv(g, g.Find("x")!, Channels, 21)], "m"),
        ["Min of three"] = (g, x) => g.Add("Min", [x, Conv(g, g.Find("x")!, Channels, 21), g.AddConstant("most", Tensor.Scalar(0.75f))], "m"),
        ["Resize linear"] = (g, x) => Node(g, "Resize", [x, null, g.AddConstant("scales", Tensor.FromArray([1f, 1, 2, 2], new Shape(4)))], ("mode", "linear")),
    };

    /// <summary>Names of the models that ONNX Runtime has integer kernels for.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Middles.Keys];

    /// <summary>Names of the others.</summary>
    public static IReadOnlyList<string> ChipNames { get; } = [.. OfChips.Keys];

    /// <summary>Names of all models.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Middles.Keys, .. OfChips.Keys];

    /// <summary>The model of that name, and samples for it.</summary>
    public static (Model Model, ISampleSource Samples) Make(string name)
    {
        var graph = new Graph(name);
        var shape = new Shape(1, 3, 6, 6);
        var x = graph.AddInput("x", TensorType.Of(ElementType.Float32, shape));
        var middle = (Middles.GetValueOrDefault(name) ?? OfChips[name])(graph, Conv(graph, x, Channels, 11));
        long channels = name switch { "Concat" => 2 * Channels, "DepthToSpace" => Channels / 4, _ => Channels };
        graph.AddOutput(Conv(graph, middle, 4, 31, channels, "y"));
        graph.Outputs[0].Type = new TensorType(ElementType.Float32, null);
        var model = new Model(graph) { Opsets = { [string.Empty] = 13 } };
        var random = new Random(3);
        var samples = SampleSources.FromMemory(Enumerable.Range(0, 12).Select(i => new Sample(
            i, $"{i}", new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["x"] = WeightedModels.Random(random, 1, [.. shape.Dimensions]) }, null)));

        // The checker wants the shape of an output.
        using var session = new FloatSession(OnnxFormat.ToBytes(model));
        using var outputs = session.Run(samples.Load(0).Inputs);
        graph.Outputs[0].Type = TensorType.Of(ElementType.Float32, outputs.ShapeOf(0));
        return (model, samples);
    }

    private static Value Conv(Graph graph, Value x, long outputs, int seed, long inputs = 3, string name = "c")
    {
        var random = new Random(seed);
        var conv = graph.AddNode(
            "Conv",
            [x, graph.AddConstant("w", WeightedModels.Random(random, 0.3f, outputs, inputs, 3, 3)), graph.AddConstant("b", WeightedModels.Random(random, 0.3f, outputs))],
            [name]);
        conv.SetAttribute("pads", new long[] { 1, 1, 1, 1 });
        return conv.Output;
    }

    private static Value Gemm(Graph graph, Value rows)
    {
        var random = new Random(9);
        return graph.Add(
            "Gemm", [rows, graph.AddConstant("matrix", WeightedModels.Random(random, 0.2f, 48, 40)), graph.AddConstant("c", WeightedModels.Random(random, 0.2f, 40))], "product");
    }

    private static Value Split(Graph graph, Value x)
    {
        var split = graph.AddNode("Split", [x], ["first", "second"]);
        split.SetAttribute("axis", 1);
        var swapped = graph.AddNode("Concat", [split.Outputs[1], split.Outputs[0]], ["m"]);
        swapped.SetAttribute("axis", 1);
        return swapped.Output;
    }

    private static Value Node(Graph graph, string opType, Value?[] inputs, params (string Name, AttributeValue Value)[] attributes)
    {
        var node = graph.AddNode(opType, inputs, ["m"]);
        foreach (var (name, value) in attributes)
        {
            node.SetAttribute(name, value);
        }

        return node.Output;
    }

    private static Value Ints(Graph graph, params long[] values) => graph.AddConstant("ints", Tensor.FromArray(values, new Shape(values.Length)));
}
