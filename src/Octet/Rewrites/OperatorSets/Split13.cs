using Octet.Graphs;

namespace Octet.Rewrites.OperatorSets;

/// <summary>Since operator set 13 the lengths of the parts are an input.</summary>
internal sealed class Split13 : IOperatorAdapter
{
    public string OpType => "Split";

    public long Version => 13;

    public void Adapt(Node node, RewriteContext context) => AdapterEdits.MoveInts(node, "split", 1);
}
