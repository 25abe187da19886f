using Octet.Graphs;

namespace Octet.Rewrites.OperatorSets;

/// <summary>Since operator set 13 the axes of Squeeze, Unsqueeze and ReduceSum are an input.</summary>
/// <param name="opType">One of the three.</param>
internal sealed class AxesToInput13(string opType) : IOperatorAdapter
{
    public string OpType => opType;

    public long Version => 13;

    public void Adapt(Node node, RewriteContext context) => AdapterEdits.MoveInts(node, "axes", 1);
}
