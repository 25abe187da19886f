using Octet.Calibration.Thresholds;
using Octet.Dialects.Ppq.Settings;
using Octet.Numerics;
using Octet.Planning;

namespace Octet.Dialects.Ppq;

/// <summary>
/// Gives the tensors of sums, joins, average pools and resizing one scale where that is asked for (PPQ 0.6.6, QuantAlignmentPass with force_overlap: whatever else reads
/// the tensors reads them so, too). What was aligned once stays aligned: a scale that a later operator changes changes for all.
/// </summary>
internal sealed class Alignment
{
    private static readonly string[] Sums = ["Add", "Sub", "Sum"];
    private static readonly string[] Pools = ["AveragePool", "GlobalAveragePool"];
    private readonly Dictionary<string, HashSet<string>> groups = new(StringComparer.Ordinal);
    private readonly bool hasConstants;
    private Plan plan;

    private Alignment(Plan plan, bool hasConstants)
    {
        this.plan = plan;
        this.hasConstants = hasConstants;
    }

    /// <summary>Aligns a plan whose parameters are solved.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="setting">What aligns to what.</param>
    /// <param name="hasConstants">Whether constant operands are quantized.</param>
    public static Plan Run(Plan plan, QuantizationFusionSetting setting, bool hasConstants)
    {
        var alignment = new Alignment(plan, hasConstants);
        foreach (var layer in plan.Layers.Where(l => setting.AlignQuantization && l.DataInputs.Length > 0 && l.DataOutputs.Length > 0))
        {
            string how = Sums.Contains(layer.OpType) ? setting.AlignElementwiseTo
                : layer.OpType == "Concat" ? setting.AlignConcatTo
                : Pools.Contains(layer.OpType) ? setting.AlignAvgpoolingTo
                : layer.OpType == "Resize" ? setting.AlignResizeTo
                : "None";
            alignment.Align(layer, how);
        }

        return alignment.plan;
    }

    private void Align(LayerPlan layer, string how)
    {
        switch (how)
        {
            case "Align to Large":
                Share(layer.DataInputs, ToLarge(layer));
                break;
            case "Align to Output":
                Share([.. layer.DataInputs, layer.DataOutputs[0]], plan.ParamsOf(layer.DataOutputs[0]));
                break;
            case "Align to Input":
                Share([layer.DataInputs[0], .. layer.DataOutputs], plan.ParamsOf(layer.DataInputs[0]));
                break;
        }
    }

    // The ends of all inputs' grids make a new range: with powers of two its scale is one power more, since 128 steps are more than 127.5.
    private QuantParams ToLarge(LayerPlan layer)
    {
        QuantParams[] inputs = [.. layer.DataInputs.Where(t => hasConstants || plan.Root(t).Source is not SlotSource.Constant).Select(plan.ParamsOf)];
        var method = ThresholdMethods.Find("ppq-minmax");
        var ends = Tensor.FromArray([inputs.Min(p => p.RealMin()), inputs.Max(p => p.RealMax())], new Shape(2));
        return ThresholdSolver.Solve(method, [ends], plan.Target.Activations, plan.Target.Scheme).Params!;
    }

    private void Share(IEnumerable<string> tensors, QuantParams parameters)
    {
        var group = new HashSet<string>(StringComparer.Ordinal);
        foreach (string root in tensors.Select(t => plan.Root(t).Tensor))
        {
            group.UnionWith(groups.GetValueOrDefault(root) ?? [root]);
        }

        foreach (string root in group)
        {
            groups[root] = group;
        }

        plan = plan with { Slots = [.. plan.Slots.Select(s => group.Contains(s.Tensor) ? s with { Params = parameters } : s)] };
    }
}
