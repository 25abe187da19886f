using Octet.Calibration.Thresholds;
using Octet.Dialects.Ppq.Settings;
using Octet.Numerics;
using Octet.Planning;

namespace Octet.Dialects.Ppq;

/// <summary>
/// Gives the inputs of sums one scale, and pools that of their input or output where that is asked for (PPQ 0.6.6, QuantAlignmentPass with force_overlap: whatever else reads
/// the tensors reads them so, too). Joins and resizing share one scale by their platform's table.
/// </summary>
internal static class Alignment
{
    private static readonly string[] Sums = ["Add", "Sub", "Sum"];
    private static readonly string[] Pools = ["AveragePool", "GlobalAveragePool"];

    /// <summary>Aligns a plan whose parameters are solved.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="setting">What aligns to what.</param>
    public static Plan Run(Plan plan, QuantizationFusionSetting setting)
    {
        foreach (var layer in plan.Layers.Where(l => l.Decision == LayerDecision.Quantized && l.DataOutputs.Length > 0))
        {
            if (Sums.Contains(layer.OpType))
            {
                plan = setting.AlignElementwiseTo switch
                {
                    "Align to Large" => WithParams(plan, layer.DataInputs, ToLarge(plan, layer)),
                    "Align to Output" => WithParams(plan, layer.DataInputs, plan.ParamsOf(layer.DataOutputs[0])),
                    _ => plan,
                };
            }
            else if (Pools.Contains(layer.OpType))
            {
                plan = setting.AlignAvgpoolingTo switch
                {
                    "Align to Output" => WithParams(plan, layer.DataInputs, plan.ParamsOf(layer.DataOutputs[0])),
                    "Align to Input" => WithParams(plan, layer.DataOutputs, plan.ParamsOf(layer.DataInputs[0])),
                    _ => plan,
                };
            }
        }

        return plan;
    }

    // The ends of all inputs' grids make a new range: with powers of two its scale is one power more, since 128 steps are more than 127.5.
    private static QuantParams ToLarge(Plan plan, LayerPlan layer)
    {
        QuantParams[] inputs = [.. layer.DataInputs.Select(plan.ParamsOf)];
        var method = ThresholdMethods.Find("ppq-minmax");
        var ends = Tensor.FromArray([inputs.Min(p => p.RealMin()), inputs.Max(p => p.RealMax())], new Shape(2));
        return ThresholdSolver.Solve(method, [ends], plan.Target.Activations, plan.Target.Scheme).Params!;
    }

    private static Plan WithParams(Plan plan, IEnumerable<string> tensors, QuantParams parameters)
    {
        var roots = tensors.Select(t => plan.Root(t)).Where(r => r.Source is not SlotSource.Fixed).Select(r => r.Tensor).ToHashSet(StringComparer.Ordinal);
        return plan with { Slots = [.. plan.Slots.Select(s => roots.Contains(s.Tensor) ? s with { Params = parameters } : s)] };
    }
}
