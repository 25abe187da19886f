using Octet.Graphs;
using Octet.Numerics;
using Octet.Rewrites;

namespace Octet.Tests.Rewrites;

/// <summary>Makes small graphs with seeded weights, rewrites a copy and compares the two in ONNX Runtime.</summary>
internal sealed class Patterns
{
    private readonly Random random = new(1);

    public Graph Graph { get; } = new("pattern");

    public long Opset { get; init; } = 13;

    public Value Input(string name, params long[] shape) => Graph.AddInput(name, TensorType.Of(ElementType.Float32, new Shape(shape)));

    /// <summary>An input with symbols (text) and sizes (numbers) as dimensions.</summary>
    public Value Dynamic(string name, params object[] dimensions) => Graph.AddInput(name, new TensorType(
        ElementType.Float32, [.. dimensions.Select(d => d is string symbol ? new Dimension(null, symbol) : new Dimension((int)d, null))]));

    /// <summary>A constant of values between −1 and 1.</summary>
    public Value Constant(string name, params long[] shape) => Between(name, -1, 1, shape);

    public Value Between(string name, double low, double high, params long[] shape)
    {
        var size = new Shape(shape);
        return Graph.AddConstant(name, Tensor.FromArray(Enumerable.Range(0, (int)size.Count).Select(_ => (float)(low + (high - low) * random.NextDouble())).ToArray(), size));
    }

    public Value Integers(string name, params long[] values) => Graph.AddConstant(name, Tensor.FromArray(values, new Shape(values.Length)));

    public Value Node(string opType, string output, Value?[] inputs, params (string Name, AttributeValue Value)[] attributes)
    {
        var value = Graph.Add(opType, inputs, output);
        value.Producer!.Name = "node_" + output;
        value.Producer.Source = ["node_" + output];
        foreach (var (name, attribute) in attributes)
        {
            value.Producer.SetAttribute(name, attribute);
        }

        return value;
    }

    public Value Normalize(string output, Value input, int channels) => Node(
        "BatchNormalization",
        output,
        [input, Between(output + "_gamma", 0.5, 2, channels), Constant(output + "_beta", channels), Constant(output + "_mean", channels), Between(output + "_variance", 0.1, 3, channels)],
        ("epsilon", 1e-3f));

    /// <summary>Runs one rewrite (and those that prepare for it) on a copy, and checks that the outputs are the same and that a second run finds nothing.</summary>
    /// <returns>The operators that are left, in order.</returns>
    public string Apply(IRewrite rewrite, params Value[] outputs) => Apply(rewrite, out _, outputs);

    public string Apply(IRewrite rewrite, out Model rewritten, params Value[] outputs)
    {
        foreach (var output in outputs)
        {
            Graph.AddOutput(output);
        }

        var original = new Model(Graph) { Opsets = { [string.Empty] = Opset } };
        rewritten = original.Clone();
        new RewritePipeline([rewrite]).Run(rewritten);
        Assert.Equal(0, rewrite.Apply(new RewriteContext(rewritten)));
        FloatEquality.AssertSame(original, rewritten, 2e-6);
        return string.Join(' ', rewritten.Graph.Nodes.Select(n => n.OpType));
    }
}
