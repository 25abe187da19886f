using System.Collections.Immutable;
using Octet.Graphs;

namespace Octet.Refinement;

/// <summary>
/// Layers whose output channels are the input channels of others, with nothing between that would tell if a channel were multiplied (PPQ 0.6.6,
/// quantization/optim/equalization.py): every reader of the former is among the latter, and the other way round.
/// </summary>
/// <param name="Upstream">The layers in front, in the order in which they are found.</param>
/// <param name="Downstream">The layers behind.</param>
/// <param name="Between">What lies between.</param>
public sealed record EqualizationPair(ImmutableArray<Node> Upstream, ImmutableArray<Node> Downstream, ImmutableArray<Node> Between)
{
    private static readonly string[] FirstLevel = ["Relu", "MaxPool", "GlobalMaxPool", "PRelu", "AveragePool", "GlobalAveragePool", "LeakyRelu", "Identity"];
    private static readonly string[] SecondLevel = [.. FirstLevel, "Add", "Sub"];

    /// <summary>The pairs of a graph, by the order of their first layer.</summary>
    /// <param name="graph">A float graph.</param>
    /// <param name="level">1: across rectifiers and pools; 2: across sums, too.</param>
    public static IReadOnlyList<EqualizationPair> Find(Graph graph, int level)
    {
        ArgumentNullException.ThrowIfNull(graph);
        string[] crossed = level >= 2 ? SecondLevel : FirstLevel;
        var visited = new HashSet<Node>();
        var pairs = new List<EqualizationPair>();
        foreach (var node in graph.Nodes.Where(IsLayer))
        {
            if (visited.Contains(node))
            {
                continue;
            }

            var between = new HashSet<Node>();
            Node[] downstream = Ends([node], Readers, crossed, between);
            Node[] upstream = Ends(downstream, Producers, crossed, between);
            visited.UnionWith(upstream);
            if (upstream.Length > 0 && upstream.Concat(downstream).All(IsLayer) && upstream.All(u => IsInside(u)) && between.All(b => IsInside(b) && b.Inputs.All(i => i?.IsConstant != true || b.Is("PRelu"))))
            {
                pairs.Add(new EqualizationPair([.. upstream], [.. downstream], [.. between]));
            }
        }

        return pairs;
    }

    private static Node[] Ends(Node[] starts, Func<Node, IEnumerable<Node>> next, string[] crossed, HashSet<Node> between)
    {
        var ends = new List<Node>();
        var seen = new HashSet<Node>(starts);
        var pending = new Queue<Node>(starts);
        while (pending.TryDequeue(out var node))
        {
            foreach (var other in next(node))
            {
                bool crosses = other.Domain.Length == 0 && crossed.Contains(other.OpType);
                if (crosses && seen.Add(other))
                {
                    between.Add(other);
                    pending.Enqueue(other);
                }
                else if (!crosses && !ends.Contains(other))
                {
                    ends.Add(other);
                }
            }
        }

        return [.. ends];
    }

    private static bool IsLayer(Node node)
        => (node.Is("Conv") || (node.Is("Gemm") && node.GetInt("transA", 0) == 0))
            && node.Input(1) is { IsConstant: true } && node.Input(2) is null or { IsConstant: true } && node.Inputs[0] is { IsConstant: false };

    // What the network itself puts out must stay as it is.
    private static bool IsInside(Node node) => node.Outputs.All(o => o is null or { IsOutput: false });

    private static IEnumerable<Node> Readers(Node node) => node.Outputs.OfType<Value>().SelectMany(o => o.Uses).Select(u => u.Node).Distinct();

    private static IEnumerable<Node> Producers(Node node) => node.Inputs.Select(i => i?.Producer).OfType<Node>().Distinct();
}
