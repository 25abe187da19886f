using Octet.Graphs;

namespace Octet.Rewrites.OperatorSets;

/// <summary>Operator set 16 shifts the samples of RoiAlign by half a pixel unless it is told not to.</summary>
internal sealed class RoiAlign16 : IOperatorAdapter
{
    public string OpType => "RoiAlign";

    public long Version => 16;

    public void Adapt(Node node, RewriteContext context) => node.SetAttribute("coordinate_transformation_mode", "output_half_pixel");
}
