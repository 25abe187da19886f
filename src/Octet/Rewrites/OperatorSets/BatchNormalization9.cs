using Octet.Graphs;

namespace Octet.Rewrites.OperatorSets;

/// <summary>Operator set 9 took away <c>spatial</c>: statistics are always of a channel, not of a single position.</summary>
internal sealed class BatchNormalization9 : IOperatorAdapter
{
    public string OpType => "BatchNormalization";

    public long Version => 9;

    public void Adapt(Node node, RewriteContext context)
    {
        if (node.GetInt("spatial", 1) == 0)
        {
            throw AdapterEdits.Refuse(node, Version, "it has its own statistics at every position (spatial = 0)");
        }

        node.RemoveAttribute("spatial");
    }
}
