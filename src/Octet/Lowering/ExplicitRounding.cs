using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Lowering;

/// <summary>
/// Writes pairs of QuantizeLinear and DequantizeLinear out in floats with another rounding than theirs, which goes half-way cases to the even integer: a network to
/// measure with, since no kernel has it.
/// </summary>
public static class ExplicitRounding
{
    /// <summary>Adds operators that round a value.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="steps">The value.</param>
    /// <param name="before">The node that they go before.</param>
    /// <returns>The rounded value.</returns>
    public delegate Value Rounding(Graph graph, Value steps, Node before);

    /// <summary>Half-way cases to the even integer.</summary>
    public static Value HalfEven(Graph graph, Value steps, Node before) => Add(graph, "Round", before, steps);

    /// <summary>⌊x + ½⌋.</summary>
    public static Value HalfUp(Graph graph, Value steps, Node before) => Add(graph, "Floor", before, Shifted(graph, steps, 0.5f, before));

    /// <summary>⌈x − ½⌉.</summary>
    public static Value HalfDown(Graph graph, Value steps, Node before) => Add(graph, "Ceil", before, Shifted(graph, steps, -0.5f, before));

    /// <summary>sgn(x) · ⌊|x| + ½⌋.</summary>
    public static Value HalfFarFromZero(Graph graph, Value steps, Node before)
        => Add(graph, "Mul", before, Add(graph, "Sign", before, steps), HalfUp(graph, Add(graph, "Abs", before, steps), before));

    /// <summary>Changes all pairs of a network.</summary>
    /// <param name="lowered">The network, of one scale a tensor; it is changed.</param>
    /// <param name="type">What activations are quantized to: its limits are kept even where QuantizeLinear knows the type of its width alone.</param>
    /// <param name="roundingOf">The rounding of a tensor, by its name. Zero points are added behind it.</param>
    public static void Apply(LoweredModel lowered, QuantType type, Func<string, Rounding> roundingOf)
    {
        ArgumentNullException.ThrowIfNull(lowered);
        ArgumentNullException.ThrowIfNull(roundingOf);
        var graph = lowered.Model.Graph;
        foreach (var (tensor, name) in lowered.Quantized)
        {
            var quantized = graph.Find(name)!;
            var node = quantized.Producer!;
            var scale = node.Inputs[1]!;
            long zero = node.Inputs[2]!.Constant!.ToInt64s()[0];
            var steps = graph.Add("Div", [node.Inputs[0], scale], name + "_steps", before: node);
            var rounded = roundingOf(tensor)(graph, steps, node);
            var limited = graph.Add(
                "Clip", [rounded, graph.AddConstant(name + "_least", Tensor.Scalar((float)(type.Min - zero))), graph.AddConstant(name + "_most", Tensor.Scalar((float)(type.Max - zero)))], name + "_limited", before: node);
            foreach (var reader in quantized.Uses.Select(u => u.Node).ToArray())
            {
                var real = graph.Add("Mul", [limited, scale], reader.Output.Name + "_real", before: reader);
                Replace(graph, reader, real);
            }

            Replace(graph, node, limited);
        }

        graph.RemoveUnused();
    }

    private static Value Shifted(Graph graph, Value steps, float by, Node before) => Add(graph, "Add", before, steps, graph.AddConstant(graph.FreshName(steps.Name + "_half"), Tensor.Scalar(by)));

    private static Value Add(Graph graph, string opType, Node before, params Value[] inputs) => graph.Add(opType, inputs, graph.FreshName(before.Output.Name + "_rounding"), before: before);

    private static void Replace(Graph graph, Node node, Value successor)
    {
        string name = node.Output.Name;
        successor.Type = node.Output.Type;
        node.Output.ReplaceWith(successor);
        graph.Remove(node);
        graph.Rename(successor, name);
    }
}
