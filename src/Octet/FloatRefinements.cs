using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Planning;
using Octet.Refinement;

namespace Octet;

/// <summary>What is done to a float model before its plan is made: weights of dead channels limited, channels balanced, outliers moved from activations to weights.</summary>
/// <param name="calibration">Has samples.</param>
/// <param name="options">Options; the effort is not fast.</param>
/// <param name="planOf">Plans a model of some types.</param>
/// <param name="cancellationToken">Ends the work.</param>
internal sealed class FloatRefinements(CalibrationSource calibration, QuantizerOptions options, Func<Model, ObservedTypes, Plan> planOf, CancellationToken cancellationToken)
{
    private const int DeadChannelSamples = 64;
    private const int EqualizationSamples = 16;
    private const int TrialSamples = 16;

    // For trials, where auto has no rows to judge by.
    private const string TrialMethod = "mse";

    /// <summary>Does the work on a copy.</summary>
    /// <param name="given">The model.</param>
    /// <param name="types">Its types.</param>
    public RefinedModel Run(Model given, ObservedTypes types)
    {
        var model = given.Clone();
        var limited = DeadChannels.Limit(model, planOf(model, types), calibration.Samples.Spread(DeadChannelSamples), options.Threads, cancellationToken);
        Equalization.Run(model, planOf(model, types), types, calibration.Samples.Spread(EqualizationSamples), options.Threads, cancellationToken);
        var refined = new RefinedModel(model, types)
        {
            Limited = limited,
            Balanced = [.. planOf(model, types).WeightedLayers.Where(l => ConstantsOf(given, l).Zip(ConstantsOf(model, l)).Any(c => c.First != c.Second)).Select(l => l.Key)],
        };
        return options.Smoothing == RefinementUse.Never ? refined : Smoothed(refined);
    }

    private RefinedModel Smoothed(RefinedModel before)
    {
        var model = before.Model.Clone();
        bool always = options.Smoothing == RefinementUse.Always;
        var smoothed = Refinement.Smoothing.Run(model, planOf(model, before.Types), before.Types, calibration.Samples.Spread(TrialSamples), always, options.Threads, cancellationToken);
        if (smoothed.Count == 0)
        {
            return before;
        }

        var after = before with { Model = model, Types = calibration.Types(model, cancellationToken) };
        if (!always && !Helps(before, after))
        {
            return before;
        }

        string Words(SmoothedActivation s)
            => FormattableString.Invariant($"its outliers moved to the weights with strength {s.Strength} ({s.Gain:0.0} dB less noise at the outputs on samples), divided ") + (s.Folded ? "in what produces it" : "by a product of floats");
        return after with
        {
            Reports = [.. before.Reports, .. smoothed.Select(s => new RefinementReport("smoothing", s.Tensor, Words(s), s.Gain))],
            Reasons = before.Reasons.ToImmutableDictionary().SetItems(smoothed.SelectMany(s => s.Layers.Select(l => KeyValuePair.Create(l, $"\"{s.Tensor}\" has {Words(s)}")))),
        };
    }

    // At the network's outputs, beyond chance.
    private bool Helps(RefinedModel before, RefinedModel after)
    {
        var samples = calibration.Samples.Spread(TrialSamples);
        var reference = OutputReference.Measure(before.Model, samples, options.Threads, cancellationToken);
        double[] Errors(RefinedModel refined) => reference.ErrorsOf(
            QuickPlan.Lower(refined.Model, planOf(refined.Model, refined.Types), samples, TrialMethod, options.Threads, cancellationToken), samples, options.Threads, cancellationToken);
        return OutputReference.IsBetter(Errors(after), Errors(before));
    }

    private static IEnumerable<Numerics.Tensor?> ConstantsOf(Model model, LayerPlan layer) => layer.NodeIn(model.Graph).Inputs.Select(v => v?.Constant);
}
