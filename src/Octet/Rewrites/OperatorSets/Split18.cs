using Octet.Graphs;

namespace Octet.Rewrites.OperatorSets;

/// <summary>Since operator set 18 a split without lengths says how many parts there are.</summary>
internal sealed class Split18 : IOperatorAdapter
{
    public string OpType => "Split";

    public long Version => 18;

    public void Adapt(Node node, RewriteContext context)
    {
        if (node.Input(1) is null)
        {
            node.SetAttribute("num_outputs", node.Outputs.Length);
        }
    }
}
