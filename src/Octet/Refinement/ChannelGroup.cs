using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Operators;
using Octet.Planning;

namespace Octet.Refinement;

/// <summary>
/// Values whose channels (axis 1) can all be multiplied by the same positive numbers without changing what the network computes, if the weights of
/// the layers around are divided and multiplied accordingly: the outputs of some layers, and what additions, rectifiers and pools make of them. The upper bound of a clamp
/// at zero then becomes one a channel.
/// </summary>
/// <param name="Values">The values, in the order of the graph.</param>
/// <param name="Producers">Layers with weights that produce values of the group.</param>
/// <param name="Consumers">Layers with weights that read values of the group.</param>
/// <param name="Clamps">What clamps values of the group at an upper bound.</param>
/// <param name="Channels">Number of channels.</param>
internal sealed record ChannelGroup(ImmutableArray<Value> Values, ImmutableArray<Node> Producers, ImmutableArray<Node> Consumers, ImmutableArray<ChannelClamp> Clamps, int Channels)
{
    /// <summary>All groups of a graph that have producers and consumers.</summary>
    /// <param name="graph">A float graph.</param>
    /// <param name="plan">Its plan: all layers around a group must be quantized by it.</param>
    /// <param name="types">Shapes of one sample.</param>
    public static IReadOnlyList<ChannelGroup> Find(Graph graph, Plan plan, ObservedTypes types)
    {
        var weighted = plan.WeightedLayers.Select(l => l.NodeIn(graph)).Where(CanBeScaled).ToHashSet();
        var clamps = graph.Nodes.Select(n => ChannelClamp.Of(n, plan)).OfType<ChannelClamp>().ToDictionary(c => c.Node);
        bool Scales(Node node) => clamps.ContainsKey(node) || OperatorCatalog.ScalesByChannel(node);
        var parents = new Dictionary<Value, Value>();
        Value Root(Value value)
        {
            while (parents.TryGetValue(value, out var parent) && parent != value)
            {
                value = parent;
            }

            return value;
        }

        foreach (var node in graph.Nodes.Where(Scales))
        {
            foreach (var input in DataInputs(node))
            {
                parents[Root(input)] = Root(node.Output);
            }
        }

        var groups = new List<ChannelGroup>();
        foreach (var members in graph.Nodes.SelectMany(n => n.Outputs.OfType<Value>()).GroupBy(Root))
        {
            Value[] values = [.. members];
            Node[] producers = [.. values.Select(v => v.Producer!).Where(weighted.Contains)];
            Node[] consumers = [.. values.SelectMany(v => v.Uses).Where(u => u.Index == 0 && weighted.Contains(u.Node)).Select(u => u.Node).Distinct()];
            if (producers.Length > 0 && consumers.Length > 0 && values.All(v => IsInside(v, weighted, Scales))
                && values.Select(v => ChannelsOf(v, types)).Distinct().ToArray() is [{ } channels])
            {
                groups.Add(new ChannelGroup([.. values], [.. producers], [.. consumers], [.. values.Select(v => clamps.GetValueOrDefault(v.Producer!)).OfType<ChannelClamp>()], channels));
            }
        }

        return groups;
    }

    // Everything that makes or reads the value can be scaled.
    private static bool IsInside(Value value, HashSet<Node> weighted, Func<Node, bool> scales)
        => !value.IsOutput
            && (weighted.Contains(value.Producer!) || (scales(value.Producer!) && DataInputs(value.Producer!).All(i => i.Producer is not null)))
            && value.Uses.All(u => u.Node.Graph == value.Graph && (scales(u.Node) || (u.Index == 0 && weighted.Contains(u.Node))));

    private static bool CanBeScaled(Node node)
        => node.Is("Conv") || node.Is("ConvTranspose") || (node.Is("Gemm") && node.GetInt("transA", 0) == 0 && (node.Input(2) is not { } bias || bias.Constant!.Shape.Rank == 1));

    private static IEnumerable<Value> DataInputs(Node node) => node.Is("Add") ? node.Inputs.OfType<Value>() : node.Inputs.Take(1).OfType<Value>();

    private static int? ChannelsOf(Value value, ObservedTypes types)
        => types.ShapeOf(value) is { Rank: >= 2 } shape && shape[1] is > 0 and <= int.MaxValue and var channels ? (int)channels : null;
}
