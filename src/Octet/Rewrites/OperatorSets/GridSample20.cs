using Octet.Graphs;

namespace Octet.Rewrites.OperatorSets;

/// <summary>Operator set 20 took the "bi" from the names of the interpolations, which serve any number of dimensions since.</summary>
internal sealed class GridSample20 : IOperatorAdapter
{
    public string OpType => "GridSample";

    public long Version => 20;

    public void Adapt(Node node, RewriteContext context)
        => node.SetAttribute("mode", node.GetText("mode", "bilinear") switch { "bilinear" => "linear", "bicubic" => "cubic", var same => same });
}
