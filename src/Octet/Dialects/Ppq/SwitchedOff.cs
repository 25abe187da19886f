using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Planning;

namespace Octet.Dialects.Ppq;

/// <summary>What quantize_activation and quantize_parameter take out of a plan where they are switched off (PPQ 0.6.6, BaseQuantizer.build_quant_pipeline: the passes do not run, and what they would round stays float).</summary>
internal static class SwitchedOff
{
    /// <summary>A plan without activations, or without constant operands; weights are left out by whoever gives none.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="graph">Its float graph.</param>
    /// <param name="setting">The settings.</param>
    public static Plan Without(Plan plan, Graph graph, QuantizationSetting setting)
    {
        if (setting.QuantizeActivation && setting.QuantizeParameter)
        {
            return plan;
        }

        bool IsLeft(string tensor) => graph.Find(tensor)!.IsConstant ? setting.QuantizeParameter : setting.QuantizeActivation;
        ImmutableArray<string> Left(ImmutableArray<string> tensors) => [.. tensors.Where(IsLeft)];
        return plan with
        {
            Layers = [.. plan.Layers.Select(l => l with { DataInputs = Left(l.DataInputs), DataOutputs = Left(l.DataOutputs) })],
            Slots = [.. plan.Slots.Where(s => IsLeft(s.Tensor))],
        };
    }

    /// <summary>Whether biases are rounded: in steps of input scale × weight scale, so only where both are there.</summary>
    /// <param name="setting">The settings.</param>
    /// <param name="platform">The platform.</param>
    public static bool RoundsBiases(QuantizationSetting setting, TargetPlatform platform)
        => platform.Bias is not null && setting is { QuantizeActivation: true, QuantizeParameter: true, QuantizeParameterSetting.QuantizePassiveParameter: true };
}
