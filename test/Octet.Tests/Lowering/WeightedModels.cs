using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;

namespace Octet.Tests.Lowering;

/// <summary>A model of one layer for each operator with weights, with random weights, and an input for it.</summary>
internal static class WeightedModels
{
    /// <summary>Names of all models.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "Conv", "Conv grouped", "Conv depthwise", "Conv 1-D", "ConvTranspose", "ConvTranspose grouped", "Gemm", "Gemm transposed", "Gemm with matrix C", "MatMul", "MatMul odd", "MatMul stack",
        "MatMul constant left", "Gather", "Gather odd", "GRU", "LSTM", "LSTM both ways", "RNN", "Loop",
    ];

    /// <summary>The model of that name.</summary>
    public static (Model Model, IReadOnlyDictionary<string, Tensor> Inputs) Make(string name)
    {
        var graph = new Graph(name);
        var random = new Random(7);
        var inputs = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        Value W(params long[] shape) => graph.AddConstant("w", Random(random, 0.3f, shape));
        Value X(params long[] shape)
        {
            inputs["x"] = Random(random, 1, shape);
            return graph.AddInput("x", TensorType.Of(ElementType.Float32, new Shape(shape)));
        }

        var output = name switch
        {
            "Conv" => With(graph.AddNode("Conv", [X(1, 32, 9, 9), W(24, 32, 3, 3), W(24)], ["y"]), ("pads", new long[] { 1, 1, 1, 1 })),
            "Conv grouped" => With(graph.AddNode("Conv", [X(1, 32, 9, 9), W(24, 8, 3, 3)], ["y"]), ("group", 4L)),
            "Conv depthwise" => With(graph.AddNode("Conv", [X(1, 64, 9, 9), W(64, 1, 3, 3)], ["y"]), ("group", 64L)),
            "Conv 1-D" => graph.AddNode("Conv", [X(1, 16, 30), W(24, 16, 5)], ["y"]).Output,
            "ConvTranspose" => With(graph.AddNode("ConvTranspose", [X(1, 16, 5, 5), W(16, 12, 3, 3)], ["y"]), ("strides", new long[] { 2, 2 })),
            "ConvTranspose grouped" => With(graph.AddNode("ConvTranspose", [X(1, 16, 5, 5), W(16, 12, 3, 3)], ["y"]), ("group", 2L)),
            "Gemm" => graph.AddNode("Gemm", [X(3, 64), W(64, 20), W(20)], ["y"]).Output,
            "Gemm transposed" => With(graph.AddNode("Gemm", [X(3, 70), W(20, 70), W(20)], ["y"]), ("transB", 1L)),
            "Gemm with matrix C" => graph.AddNode("Gemm", [X(3, 64), W(64, 20), W(3, 20)], ["y"]).Output,
            "MatMul" => graph.AddNode("MatMul", [X(2, 5, 96), W(96, 40)], ["y"]).Output,
            "MatMul odd" => graph.AddNode("MatMul", [X(2, 5, 75), W(75, 41)], ["y"]).Output,
            "MatMul stack" => graph.AddNode("MatMul", [X(3, 5, 32), W(3, 32, 17)], ["y"]).Output,
            "MatMul constant left" => graph.AddNode("MatMul", [W(20, 48), X(48, 3)], ["y"]).Output,
            "Gather" => Gather(graph, inputs, W(50, 64)),
            "Gather odd" => Gather(graph, inputs, W(50, 33)),
            "GRU" => Recurrent(graph, "GRU", X(6, 2, 24), 3, 1, random),
            "LSTM" => Recurrent(graph, "LSTM", X(6, 2, 24), 4, 1, random),
            "LSTM both ways" => Recurrent(graph, "LSTM", X(6, 2, 24), 4, 2, random),
            "RNN" => Recurrent(graph, "RNN", X(6, 2, 24), 1, 1, random),
            "Loop" => Loop(graph, X(2, 32), graph.AddConstant("w", Random(random, 0.1f, 32, 32))),
            _ => throw new ArgumentException(name, nameof(name)),
        };
        graph.AddOutput(output);
        output.Type = new TensorType(ElementType.Float32, null);
        var model = new Model(graph) { Opsets = { [string.Empty] = 13 } };

        // The checker wants the shape of an output.
        using var session = new FloatSession(OnnxFormat.ToBytes(model));
        using var outputs = session.Run(inputs);
        output.Type = TensorType.Of(ElementType.Float32, outputs.ShapeOf(0));
        return (model, inputs);
    }

    /// <summary>Values of a normal distribution.</summary>
    public static Tensor Random(Random random, float deviation, params long[] shape)
    {
        var values = new float[new Shape(shape).Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = deviation * (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return Tensor.FromArray(values, new Shape(shape));
    }

    private static Value With(Node node, (string Name, AttributeValue Value) attribute)
    {
        node.SetAttribute(attribute.Name, attribute.Value);
        return node.Output;
    }

    private static Value Gather(Graph graph, Dictionary<string, Tensor> inputs, Value table)
    {
        inputs["ids"] = Tensor.FromArray([3L, 0, 49, 7, 7, 12], new Shape(2, 3));
        var ids = graph.AddInput("ids", TensorType.Of(ElementType.Int64, new Shape(2, 3)));
        return graph.Add("Gather", [table, ids], "y");
    }

    private static Value Recurrent(Graph graph, string opType, Value x, int gates, int directions, Random random)
    {
        const int Hidden = 24;
        var node = graph.AddNode(
            opType,
            [
                x,
                graph.AddConstant("w", Random(random, 0.3f, directions, gates * Hidden, 24)),
                graph.AddConstant("r", Random(random, 0.3f, directions, gates * Hidden, Hidden)),
                graph.AddConstant("b", Random(random, 0.1f, directions, 2 * gates * Hidden)),
            ],
            ["y"]);
        node.SetAttribute("hidden_size", Hidden);
        if (directions == 2)
        {
            node.SetAttribute("direction", "bidirectional");
        }

        return node.Output;
    }

    // Weights of the main graph, used in the body of a loop.
    private static Value Loop(Graph graph, Value x, Value weights)
    {
        var body = new Graph("body", graph);
        body.AddInput("iteration", TensorType.Of(ElementType.Int64, default));
        var condition = body.AddInput("condition", TensorType.Of(ElementType.Boolean, default));
        var state = body.AddInput("state", TensorType.Of(ElementType.Float32, new Shape(2, 32)));
        body.AddOutput(body.Add("Identity", [condition], "condition_out"));
        body.Outputs[0].Type = condition.Type;
        body.AddOutput(body.Add("Tanh", [body.Add("MatMul", [state, weights], "product")], "state_out"));
        body.Outputs[1].Type = state.Type;
        var node = graph.AddNode(
            "Loop", [graph.AddConstant("count", Tensor.Scalar(3L)), graph.AddConstant("true", Tensor.FromArray(ElementType.Boolean, new byte[] { 1 }, default)), x], ["y"]);
        node.SetAttribute("body", body);
        return node.Output;
    }
}
