using Octet.Graphs;

namespace Octet.Rewrites.OperatorSets;

/// <summary>Since operator set 11 widths and value are inputs.</summary>
internal sealed class Pad11 : IOperatorAdapter
{
    public string OpType => "Pad";

    public long Version => 11;

    public void Adapt(Node node, RewriteContext context)
    {
        AdapterEdits.MoveInts(node, "pads", 1);
        if (node.Attributes.ContainsKey("value"))
        {
            node.SetInput(2, AdapterEdits.Scalar(node, "value", node.GetFloat("value", 0), context));
            node.RemoveAttribute("value");
        }
    }
}
