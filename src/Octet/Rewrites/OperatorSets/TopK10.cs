using Octet.Graphs;

namespace Octet.Rewrites.OperatorSets;

/// <summary>Since operator set 10 the number of values is an input.</summary>
internal sealed class TopK10 : IOperatorAdapter
{
    public string OpType => "TopK";

    public long Version => 10;

    public void Adapt(Node node, RewriteContext context)
    {
        node.SetInput(1, AdapterEdits.Constant(node, "k", [node.GetInt("k", 1)]));
        node.RemoveAttribute("k");
    }
}
