using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Planning;
using Octet.Rewrites;

namespace Octet.Refinement;

/// <summary>The order of a value's channels (axis 1): written as a Gather, and folded into the weights that read the value where all of its readers have such.</summary>
internal static class ChannelOrder
{
    // What does to every channel the same.
    private static readonly string[] Crossed =
        ["Relu", "Clip", "LeakyRelu", "Sigmoid", "HardSigmoid", "HardSwish", "Tanh", "Identity", "MaxPool", "AveragePool", "GlobalMaxPool", "GlobalAveragePool"];

    /// <summary>Takes channels of a value.</summary>
    /// <param name="value">At least two axes.</param>
    /// <param name="channels">Which, in their new order.</param>
    /// <param name="name">Of the result.</param>
    /// <param name="before">The node in front of which the new one goes.</param>
    public static Value Take(Value value, int[] channels, string name, Node before)
    {
        var graph = value.Graph;
        var taken = graph.Add("Gather", [value, Indices(graph, channels, name)], name, before: before);
        taken.Producer!.SetAttribute("axis", 1);
        return taken;
    }

    /// <summary>Makes the readers of a Gather read what it reads, if their weights can take up the order; then the Gather is gone and its input has the name of its output.</summary>
    /// <param name="gather">A node of <see cref="Take"/> that takes every channel once.</param>
    /// <returns>Whether it was possible.</returns>
    public static bool TryFold(Node gather)
    {
        long[] places = gather.Inputs[1]!.Constant!.AsSpan<long>().ToArray();
        var order = new int[places.Length];
        for (int c = 0; c < places.Length; c++)
        {
            order[places[c]] = c;
        }

        var edits = new List<Action>();
        if (!Visit(gather.Output, places, order, edits))
        {
            return false;
        }

        edits.ForEach(e => e());
        Merging.TakeOver(gather.Inputs[0]!.Producer!, gather);
        return true;
    }

    private static bool Visit(Value value, long[] places, int[] order, List<Action> edits)
        => !value.IsOutput && value.Uses.All(u => u.Node.Graph == value.Graph && u.Index == 0 && Visit(u.Node, places, order, edits));

    private static bool Visit(Node reader, long[] places, int[] order, List<Action> edits)
    {
        if (reader.Domain.Length == 0 && Crossed.Contains(reader.OpType))
        {
            return reader.Outputs.OfType<Value>().Count() == 1 && Visit(reader.Output, places, order, edits);
        }

        if (reader.Is("Gather") && reader.GetInt("axis", 0) == 1 && reader.Input(1) is { IsConstant: true, Constant: { Type: ElementType.Int64, Shape.Rank: 1 } taken })
        {
            edits.Add(() => reader.SetInput(1, Indices(reader.Graph, [.. taken.AsSpan<long>().ToArray().Select(c => (int)places[c < 0 ? c + places.Length : c])], reader.Output.Name)));
            return true;
        }

        if (reader.Input(1) is not { IsConstant: true } || reader.Input(2) is { IsConstant: false })
        {
            return false;
        }

        if (reader.Is("Gemm") && reader.GetInt("transA", 0) == 0)
        {
            edits.Add(() => Reorder(reader, 1, reader.GetInt("transB", 0) != 0 ? 1 : 0, order));
            return true;
        }

        if (reader.Is("Conv") && reader.GetInt("group", 1) == 1)
        {
            edits.Add(() => Reorder(reader, 1, 1, order));
            return true;
        }

        if (!KeepFloat.IsDepthwise(reader) || reader.Inputs[1]!.Constant!.Shape[0] != order.Length)
        {
            return false;
        }

        edits.Add(() =>
        {
            Reorder(reader, 1, 0, order);
            if (reader.Input(2) is not null)
            {
                Reorder(reader, 2, 0, order);
            }
        });
        return Visit(reader.Output, places, order, edits);
    }

    private static void Reorder(Node node, int input, int axis, int[] order)
    {
        var taken = TakenChannels.Of(node.Inputs[input]!.Constant!, axis, order);
        Merging.SetFloats(node, input, taken.ToFloats(), taken.Shape, node.Inputs[input]!.Name);
    }

    private static Value Indices(Graph graph, int[] channels, string name)
        => graph.AddConstant(name + "_channels", Tensor.FromArray([.. channels.Select(c => (long)c)], new Shape(channels.Length)));
}
