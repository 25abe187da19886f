using System.Collections.Immutable;
using Octet.Analysis;
using Octet.Analysis.Causes;
using Octet.Data;
using Octet.Graphs;
using Octet.Lowering;
using Octet.Operators;
using Octet.Planning;

namespace Octet;

/// <summary>Looks for the causes of a quantization's losses, and tries what may help against them: a cause is told where its remedy gains what a layer may cost.</summary>
/// <param name="model">The float model, as the quantization began with it.</param>
/// <param name="calibration">The samples that calibrated.</param>
/// <param name="evaluation">Samples to measure on; null where there are none apart from those.</param>
/// <param name="options">Options of the quantization.</param>
/// <param name="phases">Told the progress.</param>
/// <param name="cancellationToken">Ends the work.</param>
internal sealed class Doctor(
    Model model, ISampleSource calibration, ISampleSource? evaluation, QuantizerOptions options, Phases phases, CancellationToken cancellationToken)
{
    // In dB: more gains no user anything.
    private const double Exact = 100;

    /// <summary>Finds what is wrong.</summary>
    /// <param name="quantized">The quantization.</param>
    /// <param name="measured">What was measured of its layers and tensors.</param>
    public ImmutableArray<Diagnosis> Diagnose(SolvedModel quantized, LayerMeasurement measured)
    {
        var evidence = EvidenceOf(quantized, measured);
        var suspected = CauseCatalog.All.Select(c => (Cause: c, Suspicions: c.Find(evidence).ToArray())).Where(s => s.Suspicions.Length > 0).ToArray();
        phases.Begin("causes", 1 + suspected.Length);
        using var outputs = new OutputErrors(model, measured.Samples, options.Threads, cancellationToken);
        Trial Outcome(SolvedModel solved)
        {
            var lowered = QdqLowering.Lower(solved.Float, solved.Solved.Plan, solved.Solved.Weights).Model;
            return new Trial(
                OutputErrors.Sqnr(outputs.Of(lowered, cancellationToken)),
                LostParts.Find(model, lowered, solved.Solved.Plan.Target.Activations.Bits, measured.Samples, cancellationToken),
                solved.Solved.Reports.Values.SelectMany(r => r).Sum(r => r.SaturatingPairsBefore));
        }

        Trial Try(Remedy remedy)
        {
            var samples = remedy.CalibratesWithEvaluationData ? evaluation! : calibration;
            var changed = remedy.Change!(options);
            bool choosesRanges = remedy.CalibratesWithEvaluationData || changed.Method != options.Method || changed.ActivationBits != options.ActivationBits || changed.Equalization != options.Equalization || changed.Smoothing != options.Smoothing || changed.Splitting != options.Splitting || changed.ChannelGrouping != options.ChannelGrouping || changed.Layers != options.Layers;
            changed = choosesRanges ? changed with { Plan = null } : changed;
            return Outcome(new StaticQuantization(remedy.Edit?.Invoke(model) ?? model, new CalibrationSource(samples), changed, new Phases(null), cancellationToken).Solve());
        }

        var before = suspected.Length == 0 ? null : Outcome(quantized);
        phases.Step();
        var found = new List<Diagnosis>();
        foreach (var (cause, suspicions) in suspected)
        {
            if (Judge(cause, suspicions, [.. cause.Remedies(evidence, suspicions)], before!, Try) is { } diagnosis)
            {
                found.Add(diagnosis);
            }

            phases.Step();
        }

        return [.. found.OrderByDescending(d => d.Restores).ThenByDescending(d => d.Gain ?? double.NegativeInfinity)];
    }

    // The first remedy that gains enough, and at least half of what the best does: the cheapest come first.
    private Diagnosis? Judge(Cause cause, Suspicion[] suspicions, Remedy[] remedies, Trial before, Func<Remedy, Trial> attempt)
    {
        var trials = remedies.Select(r => (Remedy: r, Trial: r.Change is null ? null : attempt(r))).ToArray();
        if (trials[0].Trial is { } first)
        {
            suspicions = [.. suspicions.Select(s => cause.Confirm(first, s)).OfType<Suspicion>()];
        }

        if (suspicions.Length == 0)
        {
            return null;
        }

        double? GainOf(Trial? trial) => trial is null ? null : trial.Sqnr == before.Sqnr ? 0 : trial.Sqnr - before.Sqnr;
        double? most = trials.Max(t => GainOf(t.Trial));
        var (remedy, chosen) = trials.First(t => most is null || GainOf(t.Trial) == most || GainOf(t.Trial) >= Math.Max(options.LayerBudget, Math.Min(most.Value, Exact) / 2));
        bool restores = chosen is not null && chosen.Lost.Count < before.Lost.Count;
        return cause.IsProvenByTrial && !restores && !(GainOf(chosen) >= options.LayerBudget) ? null
            : new Diagnosis(cause.Name, [.. suspicions.Select(s => s.Place).Distinct()], suspicions[0].Sign, remedy.Text, GainOf(chosen), restores);
    }

    private Evidence EvidenceOf(SolvedModel quantized, LayerMeasurement measured)
    {
        var plan = quantized.Solved.Plan;
        var axes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var layer in plan.WeightedLayers.Where(l => !quantized.Float.Graph.Find(l.DataInputs[0])!.IsConstant))
        {
            axes.TryAdd(layer.DataInputs[0], layer.Role is OperatorRole.Weighted && layer.OpType is "Gemm" or "MatMul" ? -1 : 1);
        }

        phases.Begin("channels", measured.Samples.Count);
        return new Evidence
        {
            Options = options,
            Graph = quantized.Float.Graph,
            Plan = plan,
            Weights = quantized.Solved.Weights,
            Noise = measured.Noise,
            Calibration = quantized.Solved.Statistics,
            Tensors = measured.Tensors,
            Channels = axes.Count == 0 ? ImmutableDictionary<string, ChannelRange[]>.Empty
                : ChannelRange.Observe(quantized.Float, axes, measured.Samples, options.Threads, phases.Step, cancellationToken),
            Conflicts = new RangeGuard(quantized.Float, plan).Find(new ObservedRanges(quantized.Float, measured.Samples, options.Threads), cancellationToken),
            HasEvaluation = evaluation is not null,
        };
    }
}
