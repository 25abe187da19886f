using Octet.Graphs;

namespace Octet.Rewrites.OperatorSets;

/// <summary>In operator set 10 the mask, the second output, changed its type from that of the data to booleans.</summary>
internal sealed class Dropout10 : IOperatorAdapter
{
    public string OpType => "Dropout";

    public long Version => 10;

    public void Adapt(Node node, RewriteContext context)
    {
        if (node.Outputs is [_, { } mask, ..] && (mask.Uses.Count > 0 || mask.IsOutput))
        {
            throw AdapterEdits.Refuse(node, Version, "its mask is used, which was of the type of the data and is of booleans now");
        }
    }
}
