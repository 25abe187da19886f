using Octet.Graphs;

namespace Octet.Rewrites.OperatorSets;

/// <summary>Since operator set 10 bounds and axes are inputs.</summary>
internal sealed class Slice10 : IOperatorAdapter
{
    public string OpType => "Slice";

    public long Version => 10;

    public void Adapt(Node node, RewriteContext context)
    {
        AdapterEdits.MoveInts(node, "starts", 1);
        AdapterEdits.MoveInts(node, "ends", 2);
        AdapterEdits.MoveInts(node, "axes", 3);
    }
}
