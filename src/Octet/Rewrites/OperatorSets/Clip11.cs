using Octet.Graphs;

namespace Octet.Rewrites.OperatorSets;

/// <summary>Since operator set 11 the bounds are inputs.</summary>
internal sealed class Clip11 : IOperatorAdapter
{
    public string OpType => "Clip";

    public long Version => 11;

    public void Adapt(Node node, RewriteContext context)
    {
        Move(node, "min", 1, context);
        Move(node, "max", 2, context);
    }

    private static void Move(Node node, string attribute, int index, RewriteContext context)
    {
        if (node.Attributes.ContainsKey(attribute))
        {
            node.SetInput(index, AdapterEdits.Scalar(node, attribute, node.GetFloat(attribute, 0), context));
            node.RemoveAttribute(attribute);
        }
    }
}
