using Octet.Graphs;

namespace Octet.Rewrites.OperatorSets;

/// <summary>Since operator set 12 the ratio is an input, which means nothing unless the node is told to train: before, it never trained.</summary>
internal sealed class Dropout12 : IOperatorAdapter
{
    public string OpType => "Dropout";

    public long Version => 12;

    public void Adapt(Node node, RewriteContext context) => node.RemoveAttribute("ratio");
}
