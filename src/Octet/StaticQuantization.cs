using System.Collections.Immutable;
using Octet.Analysis;
using Octet.Calibration;
using Octet.Calibration.Patches;
using Octet.Calibration.Statistics;
using Octet.Calibration.Thresholds;
using Octet.Data;
using Octet.Graphs;
using Octet.Inference;
using Octet.Lowering;
using Octet.Numerics;
using Octet.Planning;
using Octet.Planning.Targets;
using Octet.Refinement;

namespace Octet;

/// <summary>Quantizes weights and activations with scales from calibration data: plan, sweep, ranges, weights, biases, integer graph.</summary>
internal sealed class StaticQuantization(Model model, ISampleSource samples, QuantizerOptions options, Phases phases, CancellationToken cancellationToken)
{
    private const long PatchBytes = 80L << 20;

    // Enough rows to see where pair sums would saturate.
    private const long FastPatchBytes = 8L << 20;
    private const int EqualizationSamples = 16;
    private const int BiasSamples = 32;
    private const int GuardSamples = 16;
    private const int GuardRounds = 4;
    private const int JudgedSamples = 8;

    private readonly bool correctBiases = options.BiasCorrection && options.Effort != Effort.Fast;

    /// <summary>Does the work. The model is not changed.</summary>
    public StaticResult Run()
    {
        var quantized = Solve();
        var solved = quantized.Solved;
        var report = new PlanReport(solved.Plan);
        var measured = options.Effort == Effort.Fast ? LayerMeasures.None : AnalysisOf(quantized).Measure();
        phases.Begin("writing", 1);
        var lowered = QdqLowering.Lower(quantized.Float, solved.Plan, solved.Weights).Model;
        var lost = LostParts.Find(quantized.Float, lowered, solved.Plan.Target.Activations.Bits, samples.Spread(JudgedSamples), cancellationToken);
        return new StaticResult(
            options.Form == OutputForm.QOperator ? QOperatorForm.Of(lowered) : lowered,
            solved.Plan,
            report.Layers(solved.Reports, measured),
            report.Tensors(solved.Statistics),
            [.. quantized.Conflicts.Select(c => $"{ErrorCodes.RangesConflict}: {c.Text}; {string.Join(", ", c.KeptFloat.Select(k => $"\"{NameOf(solved.Plan, k)}\""))} {(c.KeptFloat.Length == 1 ? "stays" : "stay")} float"), .. report.Warnings(measured, options.LayerBudget)],
            [.. lost],
            measured.Sqnr);
    }

    /// <summary>Does all but measuring and writing. The model is not changed.</summary>
    public SolvedModel Solve()
    {
        var (words, worst) = WorstLayers.Split(options.KeepFloat);
        phases.Begin("planning", 1);
        var types = TypeProbe.Run(model, samples.Load(0).Inputs, cancellationToken);
        IReadOnlyList<RangeConflict> conflicts = [];
        Plan PlanWith(IReadOnlyList<string> kept) => RangeGuard.Explain(Planner.Build(model.Graph, TargetCatalog.Find(options.Target), types, kept), conflicts);
        if (options.Effort != Effort.Fast)
        {
            model = model.Clone();
            Equalization.Run(model, PlanWith(words), types, samples.Spread(EqualizationSamples), options.Threads, cancellationToken);
        }

        if (options.RangeGuard)
        {
            conflicts = Conflicts(PlanWith, words);
            words = [.. words, .. conflicts.SelectMany(c => c.KeptFloat)];
        }

        var solved = new SolvedModel(model, Solve(PlanWith(words), types), words, types, PlanWith) { Conflicts = conflicts };
        if (worst > 0)
        {
            // Other layers read floats then, and other tensors share scales: everything is solved anew.
            var kept = AnalysisOf(solved).Worst(worst);
            phases.BeginAgain();
            words = [.. words, .. kept.Keys];
            solved = solved with { Solved = Solve(WorstLayers.Explain(PlanWith(words), kept, worst), types), Words = words };
        }

        return solved;
    }

    private static string NameOf(Plan plan, string key) => plan.Layers.First(l => l.Key == key).Name;

    // What stays float for one conflict may move another: until there is none.
    private IReadOnlyList<RangeConflict> Conflicts(Func<IReadOnlyList<string>, Plan> planWith, IReadOnlyList<string> words)
    {
        List<RangeConflict> conflicts = [];
        for (int round = 0; round < GuardRounds; round++)
        {
            var found = new RangeGuard(model, planWith([.. words, .. conflicts.SelectMany(c => c.KeptFloat)])).Find(samples.Spread(GuardSamples), options.Threads, cancellationToken);
            if (found.Count == 0)
            {
                break;
            }

            conflicts.AddRange(found);
        }

        return conflicts;
    }

    private LayerAnalysis AnalysisOf(SolvedModel quantized) => new(quantized, samples, options, phases, cancellationToken);

    private SolvedPlan Solve(Plan plan, ObservedTypes types)
    {
        var solved = SolveWeights(plan, types);
        Garbage.Collect();
        return correctBiases ? solved with { Weights = CorrectBiases(solved.Plan, solved.Weights) } : solved;
    }

    // By itself, so that the sampled rows are garbage when it returns.
    private SolvedPlan SolveWeights(Plan plan, ObservedTypes types)
    {
        string method = options is { Method: ThresholdMethods.Auto, Effort: Effort.Fast } ? "mse" : options.Method;
        var needs = NeedsOf(method, plan.Target);
        phases.Begin("calibration", samples.Count * CalibrationSweep.SweepsFor(needs));
        string[] observed = [.. plan.Slots.Select(s => s.Source).OfType<SlotSource.Calibrated>().SelectMany(s => s.Observed).Distinct()];
        var statistics = CalibrationSweep.Run(
            model, samples, observed, needs, PatchRequests(plan, types), options.Seed, options.Threads, phases.Step, cancellationToken);

        Garbage.Collect();
        phases.Begin("ranges", plan.Slots.Length);
        plan = new ActivationRanges(model.Graph, plan, statistics, method).Solve(options.Threads, phases.Step, cancellationToken);
        var (weights, reports) = RoundWeights(plan, statistics);
        return new SolvedPlan(plan, weights, reports, statistics.Tensors);
    }

    private static ImmutableArray<StatisticNeed> NeedsOf(string method, Target target)
    {
        if (method == ThresholdMethods.Auto)
        {
            return [];
        }

        var named = ThresholdMethods.Find(method);
        return named.Needs(target.Activations, target.SymmetricActivations, new ThresholdSettings(named));
    }

    private (IReadOnlyDictionary<string, QuantizedWeights> Weights, IReadOnlyDictionary<string, IReadOnlyList<WeightReport>> Reports) RoundWeights(Plan plan, CalibrationResult statistics)
    {
        LayerPlan[] layers = [.. plan.WeightedLayers];
        phases.Begin("weights", layers.Length);
        bool avoid = AvoidsSaturation(plan);
        bool search = options.Effort != Effort.Fast;
        var choice = new WeightOptions { RangeSearch = search, ErrorFeedback = search && options.ErrorFeedback };
        var solved = new (QuantizedWeights Weights, IReadOnlyList<WeightReport> Reports)[layers.Length];
        ParallelRuns.ForEach(
            layers.Length,
            options.Threads,
            i =>
            {
                var node = layers[i].NodeIn(model.Graph);
                var input = plan.ParamsOf(layers[i].DataInputs[0]);
                solved[i] = statistics.Patches.TryGetValue(layers[i].Key, out var patches)
                    ? LayerWeights.Solve(node, layers[i], input, patches, avoid, choice, cancellationToken)
                    : (NearestWeights.Round(node, layers[i], input), []);
                phases.Step();
            },
            cancellationToken);
        return (
            layers.Zip(solved).ToDictionary(p => p.First.Key, p => p.Second.Weights, StringComparer.Ordinal),
            layers.Zip(solved).ToDictionary(p => p.First.Key, p => p.Second.Reports, StringComparer.Ordinal));
    }

    private IReadOnlyDictionary<string, QuantizedWeights> CorrectBiases(Plan plan, IReadOnlyDictionary<string, QuantizedWeights> weights)
    {
        phases.Begin("biases", plan.WeightedLayers.Count());
        return BiasCorrection.Run(model, plan, weights, samples.Spread(BiasSamples), options.Threads, phases.Step, cancellationToken);
    }

    private bool AvoidsSaturation(Plan plan) => plan.Target.PairSumsMaySaturate && options.Saturation == SaturationPolicy.Avoid;

    private IReadOnlyList<PatchRequest> PatchRequests(Plan plan, ObservedTypes types)
    {
        bool fast = options.Effort == Effort.Fast;
        if (fast && !AvoidsSaturation(plan))
        {
            return [];
        }

        var layers = new List<(string, string, Shape, PatchGeometry)>();
        foreach (var layer in plan.WeightedLayers)
        {
            string tensor = layer.DataInputs[0];
            if (PatchGeometry.Of(layer.NodeIn(model.Graph)) is { } geometry && types.ShapeOf(model.Graph.Find(tensor)!) is { } shape)
            {
                layers.Add((layer.Key, tensor, shape, geometry));
            }
        }

        return PatchBudget.Share(layers, fast ? FastPatchBytes : PatchBytes, samples.Count);
    }
}
