using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Lowering;

/// <summary>
/// Writes pairs of QuantizeLinear and DequantizeLinear out in floats with another rounding than theirs, which goes half-way cases to the even integer: a network to
/// measure with, since no kernel has it.
/// </summary>
public static class ExplicitRounding
{
    /// <summary>⌊x + ½⌋.</summary>
    public static readonly (string Operator, float Shift) HalfUp = ("Floor", 0.5f);

    /// <summary>⌈x − ½⌉.</summary>
    public static readonly (string Operator, float Shift) HalfDown = ("Ceil", -0.5f);

    /// <summary>Changes all pairs of a network.</summary>
    /// <param name="lowered">The network, of one scale a tensor and zero points 0; it is changed.</param>
    /// <param name="roundingOf">The rounding of a tensor, by its name.</param>
    public static void Apply(LoweredModel lowered, Func<string, (string Operator, float Shift)> roundingOf)
    {
        ArgumentNullException.ThrowIfNull(lowered);
        ArgumentNullException.ThrowIfNull(roundingOf);
        var graph = lowered.Model.Graph;
        foreach (var (tensor, name) in lowered.Quantized)
        {
            var quantized = graph.Find(name)!;
            var node = quantized.Producer!;
            var scale = node.Inputs[1]!;
            var type = node.Inputs[2]!.Constant!.Type == ElementType.UInt8 ? QuantType.UInt8 : QuantType.Int8;
            var (rounding, shift) = roundingOf(tensor);
            var steps = graph.Add("Div", [node.Inputs[0], scale], name + "_steps", before: node);
            var shifted = graph.Add("Add", [steps, graph.AddConstant(name + "_half", Tensor.Scalar(shift))], name + "_shifted", before: node);
            var rounded = graph.Add(rounding, [shifted], name + "_rounded", before: node);
            var limited = graph.Add(
                "Clip", [rounded, graph.AddConstant(name + "_least", Tensor.Scalar((float)type.Min)), graph.AddConstant(name + "_most", Tensor.Scalar((float)type.Max))], name + "_limited", before: node);
            foreach (var reader in quantized.Uses.Select(u => u.Node).ToArray())
            {
                var real = graph.Add("Mul", [limited, scale], reader.Output.Name + "_real", before: reader);
                Replace(graph, reader, real);
            }

            Replace(graph, node, limited);
        }

        graph.RemoveUnused();
    }

    private static void Replace(Graph graph, Node node, Value successor)
    {
        string name = node.Output.Name;
        successor.Type = node.Output.Type;
        node.Output.ReplaceWith(successor);
        graph.Remove(node);
        graph.Rename(successor, name);
    }
}
