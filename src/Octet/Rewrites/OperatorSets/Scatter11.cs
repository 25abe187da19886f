using Octet.Graphs;

namespace Octet.Rewrites.OperatorSets;

/// <summary>Operator set 11 gave Scatter the name ScatterElements.</summary>
internal sealed class Scatter11 : IOperatorAdapter
{
    public string OpType => "Scatter";

    public long Version => 11;

    public void Adapt(Node node, RewriteContext context) => Merging.Replace(node, "ScatterElements", node.Inputs);
}
