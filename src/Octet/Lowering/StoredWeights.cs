using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Lowering;

/// <summary>Weights stored as int8 with a scale a channel and turned back into floats, by operators of ONNX's own set.</summary>
internal static class StoredWeights
{
    /// <summary>The operator set of ONNX Runtime's own operators.</summary>
    public const string Microsoft = "com.microsoft";

    /// <summary>
    /// An operand as floats again. In front of a product with a matrix stands DequantizeLinear, since ONNX Runtime makes one kernel of the two that
    /// reads the integers; in front of others stand Cast and Mul, which it computes once when it loads a model, as it does not a DequantizeLinear.
    /// </summary>
    /// <param name="node">The node that reads it.</param>
    /// <param name="operand">Its constant operand.</param>
    /// <param name="before">Where the new nodes go: <see cref="PlaceFor"/>.</param>
    public static Value Dequantized(Node node, WeightOperand operand, Node before)
    {
        var weights = node.Inputs[operand.Index]!;
        var shape = weights.Constant!.Shape;
        var graph = weights.Graph;

        // Both directions of a recurrent layer have a scale for each row.
        int outer = node.OpType is "RNN" or "GRU" or "LSTM" ? (int)shape[0] : 1;
        var rows = outer == 1
            ? new ChannelRows(weights.Constant, operand.Axis)
            : new ChannelRows(weights.Constant.Reshape(new Shape(outer * shape[1], shape[2])), 0);
        float[] scales = Scales(weights.Name, rows);
        var integers = graph.AddConstant(weights.Name + "_quantized", rows.ToInt8(scales).Reshape(shape));
        if (node.Is("MatMul") && operand.Index == 1 && shape.Rank == 2)
        {
            var perChannel = new Shape(scales.Length);
            var dequantized = graph.Add(
                "DequantizeLinear",
                [
                    integers,
                    graph.AddConstant(weights.Name + "_scale", Tensor.FromArray(scales, perChannel)),
                    graph.AddConstant(weights.Name + "_zero_point", Tensor.FromArray(new sbyte[scales.Length], perChannel)),
                ],
                weights.Name + "_dequantized",
                before: before);
            dequantized.Producer!.SetAttribute("axis", operand.Axis);
            return dequantized;
        }

        var scaleShape = new Shape([.. shape.Dimensions.Select((d, i) => i == operand.Axis || (i == 0 && outer > 1) ? d : 1)]);
        var floats = graph.Add("Cast", [integers], weights.Name + "_float", before: before);
        floats.Producer!.SetAttribute("to", (long)ElementType.Float32);
        return graph.Add(
            "Mul", [floats, graph.AddConstant(weights.Name + "_scale", Tensor.FromArray(scales, scaleShape))], weights.Name + "_dequantized", before: before);
    }

    /// <summary>Makes a Gather take integer rows and their scales, so that only what is taken is turned back.</summary>
    public static void GatherRows(Node node)
    {
        var table = node.Inputs[0]!;
        var indices = node.Inputs[1]!;
        var graph = table.Graph;
        var rows = new ChannelRows(table.Constant!, 0);
        float[] scales = Scales(table.Name, rows);
        var values = node.Graph.Add("Gather", [graph.AddConstant(table.Name + "_quantized", rows.ToInt8(scales)), indices], table.Name + "_rows", before: node);
        var scale = node.Graph.Add(
            "Gather", [graph.AddConstant(table.Name + "_scale", Tensor.FromArray(scales, new Shape(scales.Length, 1))), indices], table.Name + "_row_scales", before: node);
        var floats = node.Graph.Add("Cast", [values], table.Name + "_row_values", before: node);
        floats.Producer!.SetAttribute("to", (long)ElementType.Float32);
        Substitute(node, node.Graph.AddNode("Mul", [floats, scale], [node.Output.Name], before: node));
    }

    /// <summary>The node in front of which something that <paramref name="reader"/> reads can stand in the graph that holds <paramref name="weights"/>.</summary>
    public static Node PlaceFor(Value weights, Node reader)
        => weights.Graph == reader.Graph ? reader : weights.Graph.Nodes.First(n => n.Subgraphs.Any(g => g.AllNodes.Contains(reader)));

    /// <summary>Puts a node in another's place: it takes over the name, and its outputs those of the other's outputs.</summary>
    public static void Substitute(Node node, Node replacement)
    {
        string?[] names = [.. node.Outputs.Select(o => o?.Name)];
        replacement.Name = node.Name;
        replacement.Source = node.Source;
        foreach (var (output, other) in node.Outputs.Zip(replacement.Outputs))
        {
            if (output is not null)
            {
                other!.Type = output.Type;
                output.ReplaceWith(other);
            }
        }

        node.Graph.Remove(node);
        foreach (var (name, other) in names.Zip(replacement.Outputs))
        {
            if (name is not null)
            {
                replacement.Graph.Rename(other!, name);
            }
        }
    }

    /// <summary>Refuses weights of which a channel's largest magnitude is not finite.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.NonFiniteWeight"/>.</exception>
    public static void RefuseNonFinite(string name, float[] largest)
    {
        int bad = Array.FindIndex(largest, l => !float.IsFinite(l));
        if (bad >= 0)
        {
            throw new OctetException(
                ErrorCodes.NonFiniteWeight,
                $"weights \"{name}\": channel {bad} holds NaN or an infinite value; weights must be finite",
                "repair the model, or keep this layer in float");
        }
    }

    private static float[] Scales(string name, ChannelRows rows)
    {
        float[] largest = rows.LargestMagnitudes();
        RefuseNonFinite(name, largest);
        return [.. largest.Select(l => float.IsNormal(l / sbyte.MaxValue) ? l / sbyte.MaxValue : 1)];
    }
}
