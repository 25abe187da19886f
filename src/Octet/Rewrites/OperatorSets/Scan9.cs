using Octet.Graphs;

namespace Octet.Rewrites.OperatorSets;

/// <summary>In operator set 8 a Scan went over a batch of sequences of several lengths; since 9 it goes over one sequence.</summary>
internal sealed class Scan9 : IOperatorAdapter
{
    public string OpType => "Scan";

    public long Version => 9;

    public void Adapt(Node node, RewriteContext context) => throw AdapterEdits.Refuse(node, Version, "it goes over a batch of sequences");
}
