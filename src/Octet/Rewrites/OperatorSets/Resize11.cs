using Octet.Graphs;

namespace Octet.Rewrites.OperatorSets;

/// <summary>
/// Operator set 11 put a region of interest between data and scales and gave names to the sampling rules. The rule of set 10 and of
/// Upsample: output position ÷ scale; the nearest is the one before when enlarging and the one behind when reducing (ONNX Runtime's
/// reading of set 10, whose text leaves it open). Scales that are computed while running are taken to enlarge.
/// </summary>
internal sealed class Resize11 : IOperatorAdapter
{
    public string OpType => "Resize";

    public long Version => 11;

    public void Adapt(Node node, RewriteContext context)
    {
        var scales = node.Inputs[1];
        float[] known = scales is { IsConstant: true } ? scales.Constant!.ToFloats() : [];
        bool reduces = known.Any(s => s < 1);
        bool isNearest = node.GetText("mode", "nearest") == "nearest";
        if (isNearest && reduces && known.Any(s => s > 1))
        {
            throw AdapterEdits.Refuse(node, Version, "it enlarges one axis and reduces another, for which the nearest positions differ");
        }

        node.SetInput(2, scales);
        node.SetInput(1, null);
        node.SetAttribute("coordinate_transformation_mode", "asymmetric");
        if (isNearest)
        {
            node.SetAttribute("nearest_mode", reduces ? "ceil" : "floor");
        }
    }
}
