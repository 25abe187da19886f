using Octet.Graphs;
using Octet.Operators;

namespace Octet.Planning;

/// <summary>Tells where the output channels of one layer were given to several, which are joined again.</summary>
internal static class ChannelGroups
{
    /// <summary>Whether a node joins channels of one layer of the user's: what it reads comes from layers, or their clamps, that stand for the same.</summary>
    public static bool AreJoinedBy(Node node)
        => node.Is("Concat") && node.GetInt("axis", 0) == 1 && node.Inputs.Select(i => i!.Producer).ToArray() is [{ Source.Length: > 0 } first, ..] parts
            && OperatorCatalog.RoleOf(first) is OperatorRole.Weighted or OperatorRole.Clamping && parts.All(p => p?.OpType == first.OpType && p.Source.SequenceEqual(first.Source));

    /// <summary>Whether a node joins such channels, orders what was joined, or takes the channels that a group of a depthwise convolution reads.</summary>
    public static bool AreMovedBy(Node node)
        => AreJoinedBy(node)
            || (node.Is("Gather") && node.GetInt("axis", 0) == 1
                && ((node.Inputs[0]?.Producer is { } joined && AreJoinedBy(joined)) || (node.Output.Uses is [{ Node: var reader }] && KeepFloat.IsDepthwise(reader))));
}
