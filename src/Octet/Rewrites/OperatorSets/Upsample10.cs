using Octet.Graphs;

namespace Octet.Rewrites.OperatorSets;

/// <summary>Operator set 10 replaced Upsample by Resize.</summary>
internal sealed class Upsample10 : IOperatorAdapter
{
    public string OpType => "Upsample";

    public long Version => 10;

    public void Adapt(Node node, RewriteContext context) => Merging.Replace(node, "Resize", node.Inputs);
}
