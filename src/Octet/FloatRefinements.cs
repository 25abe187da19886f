using System.Collections.Immutable;
using Octet.Data;
using Octet.Graphs;
using Octet.Planning;
using Octet.Refinement;

namespace Octet;

/// <summary>What is done to a float model before its plan is made: weights of dead channels limited, channels balanced, outliers moved from activations to weights, outlier channels split, layers cut into groups of like channels.</summary>
/// <param name="calibration">Has samples.</param>
/// <param name="options">Options; the effort is not fast.</param>
/// <param name="planOf">Plans a model.</param>
/// <param name="cancellationToken">Ends the work.</param>
internal sealed class FloatRefinements(CalibrationSource calibration, QuantizerOptions options, Func<RefinedModel, Plan> planOf, CancellationToken cancellationToken)
{
    private const int DeadChannelSamples = 64;
    private const int TrialSamples = 16;

    // In dB where a split activation is read. Copies cost time: they must take half of the noise, and a fifth where accuracy is all.
    private const double SplitGain = 3;
    private const double SplitGainOfHighEffort = 1;

    // The same at the network's outputs.
    private const double SplitOutputGain = 0.5;

    // In dB in a channel of the layer, and at the network's outputs. Groups cost a copy of what the layer gives. The trial rounds weights to the nearest: what it gains of weights alone,
    // error feedback gains in part, too (MobileNet V2 with 8 bits: 1.8 dB in the trial, none in the end).
    private const double GroupGain = 1;
    private const double GroupOutputGain = 2;

    // What balancing gains is predicted from the channels' extremes. A trial at the outputs takes a third of the time of all else, so that effort high alone makes one: balancing is
    // undone where the outputs contradict what was predicted by more than chance.
    private const double EqualizationOutputGain = -0.05;

    // For trials, where auto has no rows to judge by.
    private const string TrialMethod = "mse";

    private readonly Lazy<Sample[]> trialSamples = new(() => calibration.Samples.Spread(TrialSamples));

    /// <summary>Does the work on a copy.</summary>
    /// <param name="given">The model with its types.</param>
    public RefinedModel Run(RefinedModel given)
    {
        var copy = given with { Model = given.Model.Clone() };
        var limited = DeadChannels.Limit(copy.Model, planOf(copy), calibration.Samples.Spread(DeadChannelSamples), options.Threads, cancellationToken);
        return Grouped(Split(Smoothed(Equalized(copy with { Limited = limited }))));
    }

    private RefinedModel Equalized(RefinedModel before) => Changed(before, options.Equalization, options.Effort == Effort.High ? EqualizationOutputGain : null, (model, plan, samples, always) => [
        .. Equalization.Run(model, plan, before.Types, samples, always, options.Threads, cancellationToken).Select(e => new Done(new RefinementReport(
            "equalization",
            e.Tensors[0],
            FormattableString.Invariant($"its channels balanced ({e.Gain:0.0} dB less noise predicted at the outputs of what reads it)") + (e.Tensors.Length > 1 ? $", with {e.Tensors.Length - 1} more that share them" : string.Empty),
            e.Gain), e.Layers) { Bounded = e.Bounded })]);

    private RefinedModel Smoothed(RefinedModel before) => Changed(before, options.Smoothing, 0, (model, plan, samples, always) => [
        .. Smoothing.Run(model, plan, before.Types, samples, always, options.Threads, cancellationToken).Select(s => new Done(new RefinementReport(
            "smoothing",
            s.Tensor,
            FormattableString.Invariant($"its outliers moved to the weights with strength {s.Strength} ({Gain(s.Gain)}), divided ") + (s.Folded ? "in what produces it" : "by a product of floats"),
            s.Gain), s.Layers))]);

    private RefinedModel Split(RefinedModel before) => Changed(before, options.Splitting, SplitOutputGain, (model, plan, samples, always) => [
        .. Splitting.Run(model, plan, before.Types, samples, always ? double.NegativeInfinity : options.Effort == Effort.High ? SplitGainOfHighEffort : SplitGain, options.Seed, options.Threads, cancellationToken).Select(s => new Done(new RefinementReport(
            "splitting", s.Tensor, FormattableString.Invariant($"its largest channels split, {s.Channels} channels made {s.Channels + s.Added} ({Gain(s.Gain)})"), s.Gain), s.Layers))]);

    private RefinedModel Grouped(RefinedModel before)
    {
        // The trial takes half of the time of all else.
        if (options is { ChannelGrouping: RefinementUse.Auto, Effort: not Effort.High })
        {
            return before;
        }

        IReadOnlyList<GroupedLayer> grouped = [];
        var after = Changed(before, options.ChannelGrouping, GroupOutputGain, (model, plan, samples, always) =>
        {
            grouped = ChannelGrouping.Run(model, plan, before.Types, samples, always ? double.NegativeInfinity : GroupGain, options.Threads, cancellationToken);
            return [.. grouped.Select(g => new Done(new RefinementReport(
                "channel-grouping",
                g.Layer,
                FormattableString.Invariant($"its channels in {g.Groups.Length} groups, each with a scale of its own for the weights ({g.Gain:0.0} dB less noise predicted in a channel)"),
                g.Gain), g.Groups))];
        });

        // What was done before to what a layer reads was done to what its groups read.
        var inherited = grouped.Where(g => before.Reasons.ContainsKey(g.Layer)).SelectMany(g => g.Groups.Select(k => (Key: k, Words: before.Reasons[g.Layer] + "; ")))
            .ToDictionary(p => p.Key, p => p.Words, StringComparer.Ordinal);
        return after with { Reasons = after.Reasons.ToDictionary(r => r.Key, r => inherited.GetValueOrDefault(r.Key) + r.Value, StringComparer.Ordinal) };
    }

    private static string Gain(double gain) => FormattableString.Invariant($"{gain:0.0} dB less noise at the outputs of what reads it, on samples");

    private RefinedModel Changed(
        RefinedModel before, RefinementUse use, double? leastGain, Func<Model, Plan, Sample[], bool, Done[]> refine)
    {
        if (use == RefinementUse.Never)
        {
            return before;
        }

        var model = before.Model.Clone();
        bool always = use == RefinementUse.Always;
        var done = refine(model, planOf(before with { Model = model }), trialSamples.Value, always);
        if (done.Length == 0)
        {
            return before;
        }

        var after = before with { Model = model, Types = calibration.Types(model, cancellationToken), Bounded = before.Bounded.Union(done.SelectMany(d => d.Bounded)) };
        double? gain = leastGain is null ? null : OutputGain(before, after);
        return !always && gain <= leastGain ? before : after with
        {
            Reports = [.. before.Reports, .. done.Select(d => d.Report with { OutputGain = gain })],
            Reasons = done.SelectMany(d => d.Layers.Select(l => (Layer: l, Words: $"\"{d.Report.Tensor}\" has {d.Report.Done}")))
                .Concat(before.Reasons.Select(r => (Layer: r.Key, Words: r.Value)))
                .GroupBy(r => r.Layer).ToDictionary(g => g.Key, g => string.Join("; ", g.Select(r => r.Words).Reverse()), StringComparer.Ordinal),
        };
    }

    // In dB of the network's outputs; 0 where it may be chance.
    private double OutputGain(RefinedModel before, RefinedModel after)
    {
        var samples = trialSamples.Value;
        var reference = OutputReference.Measure(before.Model, samples, options.Threads, cancellationToken, asLogits: true);
        double[] Errors(RefinedModel refined) => reference.ErrorsOf(
            QuickPlan.Lower(refined.Model, planOf(refined), samples, TrialMethod, options.BiasCorrection, options.Threads, cancellationToken), samples, options.Threads, cancellationToken);
        var (old, now) = (Errors(before), Errors(after));
        bool isChance = !OutputReference.IsBetter(now, old) && !OutputReference.IsBetter(old, now);
        return isChance || now.Sum() == 0 ? 0 : 10 * Math.Log10(old.Sum() / now.Sum());
    }

    // One change, with the keys of the layers whose weights it changed.
    private sealed record Done(RefinementReport Report, ImmutableArray<string> Layers)
    {
        public ImmutableArray<string> Bounded { get; init; } = [];
    }
}
