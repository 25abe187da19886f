using Octet.Graphs;

namespace Octet.Rewrites.OperatorSets;

/// <summary>Since operator set 18 the axes of the reductions are an input.</summary>
/// <param name="opType">Any reduction but ReduceSum, which changed earlier.</param>
internal sealed class AxesToInput18(string opType) : IOperatorAdapter
{
    public string OpType => opType;

    public long Version => 18;

    public void Adapt(Node node, RewriteContext context) => AdapterEdits.MoveInts(node, "axes", 1);
}
