using Octet.Graphs;

namespace Octet.Planning;

/// <summary>Which nodes a user wants to keep float: names of layers, operator types, or the word <c>depthwise</c>.</summary>
public static class KeepFloat
{
    /// <summary>The word for convolutions in which every input channel has its own filters.</summary>
    public const string Depthwise = "depthwise";

    /// <summary>Finds the nodes that the words name.</summary>
    /// <param name="graph">The graph after rewriting; nodes are found by their own names, by those of the nodes that they stand for, and by output.</param>
    /// <param name="words">Names, operator types or <see cref="Depthwise"/>.</param>
    /// <returns>For each node the word that named it.</returns>
    /// <exception cref="OctetException"><see cref="ErrorCodes.UnknownName"/>: a word names nothing; the nearest names are told.</exception>
    public static IReadOnlyDictionary<Node, string> Resolve(Graph graph, IReadOnlyList<string> words)
    {
        var named = new Dictionary<Node, string>();
        foreach (string word in words)
        {
            bool found = word == Depthwise;
            foreach (var node in graph.Nodes)
            {
                if (word == Depthwise ? IsDepthwise(node) : Names(node).Contains(word, StringComparer.Ordinal))
                {
                    named.TryAdd(node, word);
                    found = true;
                }
            }

            if (!found)
            {
                throw NameSuggestion.Unknown("layer or operator type", word, graph.Nodes.SelectMany(Names).Append(Depthwise).Distinct());
            }
        }

        return named;
    }

    /// <summary>Whether a node is a convolution with as many groups as input channels, and more than one.</summary>
    public static bool IsDepthwise(Node node)
        => node.Is("Conv") && node.GetInt("group", 1) > 1 && node.Input(1)?.Constant is { } weights && weights.Shape.Rank > 1 && weights.Shape[1] == 1;

    /// <summary>All names that mean a node: its own, those of the nodes that it stands for, its operator type and its outputs.</summary>
    internal static IEnumerable<string> Names(Node node)
        => node.Source.Append(node.DisplayName).Append(node.OpType).Concat(node.Outputs.OfType<Value>().Select(o => o.Name));
}
