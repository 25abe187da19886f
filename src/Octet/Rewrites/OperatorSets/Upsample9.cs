using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Rewrites.OperatorSets;

/// <summary>Since operator set 9 the scales are an input.</summary>
internal sealed class Upsample9 : IOperatorAdapter
{
    public string OpType => "Upsample";

    public long Version => 9;

    public void Adapt(Node node, RewriteContext context)
    {
        if (node.Attributes.GetValueOrDefault("scales") is not AttributeValue.Floats { Values: var scales })
        {
            throw AdapterEdits.Refuse(node, Version, "it has no scales");
        }

        node.SetInput(1, node.Graph.AddConstant(node.Output.Name + "_scales", Tensor.FromArray([.. scales], new Shape(scales.Length))));
        node.RemoveAttribute("scales");
    }
}
