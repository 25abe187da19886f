using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Rewrites.OperatorSets;

/// <summary>Since operator set 20 the axis of a Fourier transform is an input, and the last but one where nothing is said; it was 1.</summary>
internal sealed class Dft20 : IOperatorAdapter
{
    public string OpType => "DFT";

    public long Version => 20;

    public void Adapt(Node node, RewriteContext context)
    {
        node.SetInput(2, node.Graph.AddConstant(node.Output.Name + "_axis", Tensor.Scalar(node.GetInt("axis", 1))));
        node.RemoveAttribute("axis");
    }
}
