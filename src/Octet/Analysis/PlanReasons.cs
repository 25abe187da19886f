using System.Collections.Immutable;
using System.Globalization;
using Octet.Calibration.Thresholds;
using Octet.Graphs;
using Octet.Operators;
using Octet.Planning;
using Octet.Planning.Targets;

namespace Octet.Analysis;

/// <summary>Tells in words what was decided for each layer and each activation, and why: by the target, by an option, by a setting for single layers, or by what was measured.</summary>
/// <param name="graph">The float graph.</param>
/// <param name="plan">All parameters solved.</param>
/// <param name="options">What the user asked for.</param>
/// <param name="choices">What the user asked for single layers.</param>
public sealed class PlanReasons(Graph graph, Plan plan, QuantizerOptions options, LayerChoices choices)
{
    // As a ratio of errors: less would be told as 0.0 dB.
    private const double Told = 1.012;

    /// <summary>What was done to the activations that layers read, in words, by the layers' keys. Default none.</summary>
    public IReadOnlyDictionary<string, string> Refined { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Whether weights were rounded in order, to make up for the errors before them. Default false.</summary>
    public bool WeightsInOrder { get; init; }

    /// <summary>Name of the method whose ranges for all activations at once were the best at the network's outputs. Default null: each has the best of its own.</summary>
    public string? MethodForAll { get; init; }

    /// <summary>The reason for what became of a layer.</summary>
    /// <param name="layer">Of the plan.</param>
    /// <param name="weights">What was done to its weights; null where they were not judged on samples.</param>
    public string Of(LayerPlan layer, WeightCosts? weights)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return layer.Decision switch
        {
            LayerDecision.Float => layer.Why ?? string.Empty,
            LayerDecision.Absorbed => layer.Role is OperatorRole.Clamping ? "the saturation of the layer before it clamps" : "it moves integers as they are",
            _ when layer.WeightType is null => $"target {plan.Target.Name} has an integer kernel for {layer.OpType}, and what it reads is integer",
            _ => string.Join("; ", (IEnumerable<string>)[$"target {plan.Target.Name} has an integer kernel for {layer.OpType}", .. OfWeights(layer, weights)]),
        };
    }

    /// <summary>The reason for an activation's range and bits.</summary>
    /// <param name="slot">Of the plan.</param>
    public string Of(TensorSlot slot)
    {
        ArgumentNullException.ThrowIfNull(slot);
        string range = slot.Source switch
        {
            SlotSource.SameAs same => Shared(slot.Tensor, same.Tensor),
            SlotSource.Fixed @fixed => Text($"{graph.Find(slot.Tensor)!.Producer!.OpType} gives values from {@fixed.Min:G5} to {@fixed.Max:G5}"),
            SlotSource.Constant => "the extremes of the constant's values",
            SlotSource.Calibrated calibrated => Calibrated(slot) + (calibrated.Observed.Length > 1 ? Text($", for {calibrated.Observed.Length} tensors that must have one scale") : string.Empty),
            _ => throw new InvalidOperationException($"Slot source {slot.Source} is not known."),
        };
        string? bits = plan.Root(slot.Tensor).WhyBits
            ?? (options.ActivationBits != TargetCatalog.Find(plan.Target.Name).Activations.Bits ? Text($"{options.ActivationBits} bits as --activation-bits says") : null);
        return bits is null ? range : $"{bits}; {range}";
    }

    private IEnumerable<string> OfWeights(LayerPlan layer, WeightCosts? weights)
    {
        var asked = TargetCatalog.Find(plan.Target.Name).Weights;
        yield return Text($"weights of {layer.WeightType!.Value.Bits} bits ")
            + (choices.Deciding(layer.Key, s => s.WeightBits is not null) is { } setting ? $"as \"{setting}\" says"
                : options.WeightBits != asked.Bits ? "as --weight-bits says" : "as the target has them");
        yield return layer.PerChannelWeights ? "a scale for each output channel, as the target can"
            : choices.Deciding(layer.Key, s => s.PerChannelWeights == false) is { } perTensor && Rule(layer).PerChannelWeights ? $"one scale for all weights as \"{perTensor}\" says"
            : Rule(layer).PerChannelWeights ? "one scale for all weights, since groups share them" : "one scale for all weights, since the target has no more";
        if (layer.DataOutputs.IsEmpty)
        {
            yield return "floats leave it, since no integer layer reads them";
        }

        if (Refined.TryGetValue(layer.Key, out string? refined))
        {
            yield return refined;
        }

        yield return Rounding(layer, weights);
        if (weights is { NarrowedChannels: var narrowed, ClippedChannels: var clipped } && narrowed + clipped > 0)
        {
            yield return Text($"channels narrowed, so that 16-bit sums do not saturate: {narrowed + clipped}");
        }

        if (options.BiasCorrection && options.Effort != Effort.Fast && layer.Role is OperatorRole.Weighted { BiasInput: not null })
        {
            yield return "the bias takes up the mean shift of its outputs";
        }
    }

    private string Rounding(LayerPlan layer, WeightCosts? weights)
    {
        if (WeightsInOrder && layer.Role is OperatorRole.Weighted { BiasInput: not null })
        {
            return "rounded in order, to make up for the errors before it, which lowers the error of the network's outputs";
        }

        if (options.Effort == Effort.Fast || weights is null)
        {
            return options.Effort == Effort.Fast ? "rounded to the nearest, as --effort fast does" : "rounded to the nearest, since no rows of its input were sampled";
        }

        string range = weights.NearestError > Told * weights.RangeError ? Text($"ranges by the error at its outputs ({Gain(weights.NearestError, weights.RangeError)} less); ") : string.Empty;
        return range + (weights.FeedbackChannels > 0 ? Text($"rounded with error feedback in the channels where that helps, {weights.FeedbackChannels} ({Gain(weights.RangeError, weights.RoundedError)} less error)")
            : options.ErrorFeedback ? "rounded to the nearest, since error feedback lowers no channel's error" : "rounded to the nearest, as --no-error-feedback says");
    }

    private string Calibrated(TensorSlot slot)
    {
        if (slot.Choice?.Threshold is not null)
        {
            return $"the threshold of \"{slot.Choice.Setting}\"";
        }

        if (options.Plan is not null)
        {
            return $"the plan's{(slot.Method is { } method ? $" (by {method})" : string.Empty)}";
        }

        bool own = slot.Choice?.Method is not null;
        string named = own ? slot.Choice!.Method! : options.Method;
        string how = slot.Method == "search" ? "searched by the error at the network's outputs, as --effort high does"
            : own && named != ThresholdMethods.Auto ? $"{slot.Method} as \"{slot.Choice!.Setting}\" says"
            : named != ThresholdMethods.Auto && options.Method != ThresholdMethods.Auto ? $"{slot.Method} as --method says"
            : options.Effort == Effort.Fast ? $"{slot.Method}, which auto means at --effort fast"
            : !own && MethodForAll is not null ? $"{slot.Method}, which for all activations at once gives less error at the network's outputs than the best for each"
            : $"{slot.Method}, of all methods the one with the least error at the outputs of what reads it";
        string parameters = named == ThresholdMethods.Auto || slot.Method == "search" ? string.Empty
            : string.Concat(ThresholdSettings.OwnOf(ThresholdMethods.Find(named), options.Parameters).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => Text($", {p.Key} {p.Value}")));
        return how + parameters + (slot.Choice is { Factor: not 1 and var factor } ? Text($", times {factor} as \"{slot.Choice.Setting}\" says") : string.Empty);
    }

    private string Shared(string tensor, string root)
    {
        var tie = plan.Layers.FirstOrDefault(l => (l.DataInputs.Contains(tensor) || l.DataOutputs.Contains(tensor)) && l.DataInputs.Length > 0
            && (l.Role is OperatorRole.PassThrough || (l.Role is OperatorRole.Computing && Rule(l).SharedScale)));
        return $"that of \"{root}\"" + (tie is null ? string.Empty
            : tie.Role is OperatorRole.PassThrough ? $", whose values {tie.OpType} \"{tie.Name}\" moves"
            : $", since target {plan.Target.Name} gives {tie.OpType} \"{tie.Name}\" one scale");
    }

    private OperatorRule Rule(LayerPlan layer) => plan.Target.Operators[layer.OpType];

    private static string Gain(double before, double after) => after > 0 ? Text($"{10 * Math.Log10(before / after):0.0} dB") : "all";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
