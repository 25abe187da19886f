using System.Collections.Concurrent;
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
using Octet.Operators;
using Octet.Planning;
using Octet.Refinement;

namespace Octet;

/// <summary>Quantizes weights and activations with scales from calibration data: plan, sweep, ranges, weights, biases, integer graph.</summary>
/// <param name="model">The simplified float model.</param>
/// <param name="calibration">Samples, or statistics of them.</param>
/// <param name="options">Options; with statistics the effort is <see cref="Effort.Fast"/>.</param>
/// <param name="phases">Told the progress.</param>
/// <param name="cancellationToken">Ends the work.</param>
internal sealed class StaticQuantization(Model model, CalibrationSource calibration, QuantizerOptions options, Phases phases, CancellationToken cancellationToken)
{
    private const int BiasSamples = 32;
    private const int SetSamples = 16;
    private const int JudgedSamples = 8;
    private const int SearchSamples = 64;
    private const int SearchRounds = 2;

    // Activations of all samples: where there are no more, a second sweep costs little, and weights are rounded for every set of ranges before one is chosen.
    private const long SmallNetworkValues = 1 << 26;

    // What auto means where no rows are sampled to judge by.
    private const string QuickMethod = "mse";

    private static readonly Dictionary<string, QuantizedWeights> NoWeights = [];

    private readonly bool correctBiases = options.BiasCorrection && options.Effort != Effort.Fast;

    /// <summary>Does the work. The model is not changed.</summary>
    public StaticResult Run()
    {
        var quantized = Solve();
        var solved = quantized.Solved;
        Garbage.Collect();
        var report = new PlanReport(
            solved.Plan,
            new PlanReasons(quantized.Float.Graph, solved.Plan, options, quantized.Choices)
            {
                Refined = quantized.Refined.Reasons,
                WeightsInOrder = solved.WeightsInOrder == true,
                MethodForAll = solved.MethodForAll,
            });
        var measured = options.Effort == Effort.Fast ? LayerMeasures.None : AnalysisOf(quantized).Measure();
        Garbage.Collect();
        phases.Begin("writing", 1);
        var lowered = QdqLowering.Lower(quantized.Float, solved.Plan, solved.Weights).Model;
        IReadOnlyList<string> lost = calibration.HasSamples
            ? LostParts.Find(quantized.Float, lowered, solved.Plan.Target.Activations.Bits, calibration.Samples.Spread(JudgedSamples), cancellationToken)
            : options.RangeGuard ? [] : [.. calibration.Conflicts(model, options.Target, quantized.PlanWith, quantized.Words, mayWiden: false, options.Threads, cancellationToken).Select(c => c.Text)];
        return new StaticResult(
            options.Form == OutputForm.QOperator ? QOperatorForm.Of(lowered) : lowered,
            solved.Plan,
            report.Layers(solved.Reports, measured),
            report.Tensors(solved.Statistics),
            [.. CutShort(solved), .. quantized.Refined.Limited.Select(l => $"{ErrorCodes.ChannelDead}: {l}"), .. quantized.Conflicts.Select(c => Remedied(solved.Plan, c)), .. report.Warnings(measured, options.LayerBudget)],
            [.. lost],
            measured.Sqnr)
        {
            WeightsInOrder = solved.WeightsInOrder,
            SearchCutShort = solved.SearchCutShort,
            Refinements = quantized.Refined.Reports,
            Choices = [.. quantized.Choices.Decided(solved.Plan).Select(c => new LayerChoiceReport(c.Setting.ToString(), c.Layer, c.Decided))],
        };
    }

    /// <summary>Does all but measuring and writing. The model is not changed.</summary>
    public SolvedModel Solve()
    {
        var (words, worst) = WorstLayers.Split(options.KeepFloat);
        phases.Begin("planning", 1);
        var types = calibration.Types(model, cancellationToken);
        IReadOnlyList<RangeConflict> conflicts = [];

        // Groups of a layer's channels are layers that the refined model alone has.
        LayerChoices ChoicesOf(Model of) => new(of.Graph, options.Layers);
        Plan PlanOf(RefinedModel planned, IReadOnlyList<string> kept)
        {
            var choices = ChoicesOf(planned.Model);
            return choices.ApplyTo(RangeGuard.Apply(Planner.Build(planned.Model.Graph, options.TargetWithTypes(), planned.Types, [.. kept, .. choices.KeptFloat], planned.Bounded), conflicts));
        }

        var refined = new RefinedModel(model, types);
        if (options.Effort != Effort.Fast)
        {
            refined = new FloatRefinements(calibration, options, m => PlanOf(m, words), cancellationToken).Run(refined);
        }

        Plan PlanWith(IReadOnlyList<string> kept) => PlanOf(refined, kept);
        (model, types) = (refined.Model, refined.Types);
        if (options.RangeGuard)
        {
            conflicts = calibration.Conflicts(model, options.Target, PlanWith, words, mayWiden: options is { Form: OutputForm.Qdq, ActivationBits: < RangeConflict.WideBits }, options.Threads, cancellationToken);
            words = [.. words, .. conflicts.SelectMany(c => c.KeptFloat)];
            if (conflicts.Any(c => c.Widened.Length > 0))
            {
                model = RangeRemedies.Raise(model, cancellationToken);
                types = calibration.Types(model, cancellationToken);
                refined = refined with { Model = model, Types = types };
            }
        }

        var solved = new SolvedModel(model, Solve(PlanWith(words), types), words, types, PlanWith) { Conflicts = conflicts, Refined = refined, Choices = ChoicesOf(model) };
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

    private static IEnumerable<string> CutShort(SolvedPlan solved)
        => solved.SearchCutShort is { } how ? [$"{ErrorCodes.SearchCutShort}: the search was ended early ({how}); the best until then was kept, and the whole search may find better"] : [];

    private static string Remedied(Plan plan, RangeConflict conflict)
    {
        string remedy = conflict.Widened.IsEmpty
            ? $"{string.Join(", ", conflict.KeptFloat.Select(k => $"\"{NameOf(plan, k)}\""))} {(conflict.KeptFloat.Length == 1 ? "stays" : "stay")} float"
            : FormattableString.Invariant($"{string.Join(", ", conflict.Widened.Select(t => $"\"{t}\""))} {(conflict.Widened.Length == 1 ? "has" : "have")} {RangeConflict.WideBits} bits");
        return $"{ErrorCodes.RangesConflict}: {conflict.Text}; {remedy}{(conflict.Judged is { } judged ? $" ({judged})" : string.Empty)}";
    }

    private static string NameOf(Plan plan, string key) => plan.Layers.First(l => l.Key == key).Name;

    private LayerAnalysis AnalysisOf(SolvedModel quantized) => new(quantized, calibration.Samples, options, phases, cancellationToken);

    private SolvedPlan Solve(Plan plan, ObservedTypes types)
    {
        var solved = SolveRanges(plan, types);
        Garbage.Collect();
        return options.Effort == Effort.High ? SolveByOutputs(solved, types) : solved;
    }

    private SolvedPlan SolveRanges(Plan plan, ObservedTypes types)
    {
        var (sets, statistics, rows) = Calibrate(plan, types);
        phases.Begin("weights", plan.WeightedLayers.Count() * sets.Length);
        SolvedPlan[] solved = [.. sets.Select(s => RoundWeights(s.Plan, sets.Length == 1 ? rows : new ConcurrentDictionary<string, PatchSet>(rows, StringComparer.Ordinal)))
            .Select((r, i) => new SolvedPlan(sets[i].Plan, r.Weights, r.Reports, statistics) { MethodForAll = sets[i].MethodForAll })];
        rows.Clear();
        if (correctBiases)
        {
            phases.Begin("biases", plan.WeightedLayers.Count() * sets.Length);
            solved = [.. solved.Select(s => s with { Weights = CorrectBiases(s.Plan, s.Weights) })];
        }

        return solved.Length == 1 ? solved[0] : BestByOutputs(solved);
    }

    private SolvedPlan BestByOutputs(SolvedPlan[] solved)
    {
        phases.Begin("sets by outputs", solved.Length);
        var models = solved.Select(s => QdqLowering.Lower(model, s.Plan, s.Weights, floatWeights: true).Model);
        return solved[RangeSets.Best(model, models, calibration.Samples.Spread(SearchSamples), options.Threads, phases.Step, cancellationToken)];
    }

    // By itself, so that nothing else holds the sampled rows when it returns.
    private ((string? MethodForAll, Plan Plan)[] Sets, IReadOnlyDictionary<string, TensorStatistics> Statistics, ConcurrentDictionary<string, PatchSet> Rows) Calibrate(Plan plan, ObservedTypes types)
    {
        bool fast = options.Effort == Effort.Fast;
        string method = options.Method == ThresholdMethods.Auto && fast ? QuickMethod : options.Method;
        plan = plan with { Slots = [.. plan.Slots.Select(s => s.Choice is { Method: ThresholdMethods.Auto } c && fast ? s with { Choice = c with { Method = QuickMethod } } : s)] };
        IThresholdMethod[] named = [.. plan.Slots.Select(s => s.Choice?.Method).OfType<string>().Append(method).Where(m => m != ThresholdMethods.Auto).Distinct().Select(ThresholdMethods.Find)];
        string[] observed = [.. plan.Observed];
        if (options.Plan is { } saved)
        {
            named = [];
            plan = plan with { Slots = [.. plan.Slots.Select(s => s.Source is SlotSource.Calibrated && saved.ParamsOf(s.Tensor, plan.TypeOf(s.Tensor)) is var (parameters, from) ? s with { Params = parameters, Method = from } : s)] };
        }

        // Not all tensors have the target's type: some are widened to 16 bits.
        QuantType[] slotTypes = [.. plan.Slots.Where(s => s.Source is SlotSource.Calibrated).Select(s => plan.TypeOf(s.Tensor)).Distinct()];
        IEnumerable<StatisticNeed> NeedsOf(IThresholdMethod of) => slotTypes.SelectMany(t => CalibrationNeeds.Of(of, plan.Target with { Activations = t }, options.Parameters));
        bool isSmall = observed.Sum(t => types.ShapeOf(model.Graph.Find(t)!)?.Count ?? int.MaxValue) * calibration.Count <= SmallNetworkValues;
        IThresholdMethod[] rivals = method == ThresholdMethods.Auto && options.Plan is null && plan.Slots.Any(s => s is { Source: SlotSource.Calibrated, Choice: null })
            ? [.. ThresholdMethods.ForAllTensors.Where(m => isSmall || NeedsOf(m).All(n => n.Kind != StatisticKind.SecondSweep))]
            : [];
        var request = new SweepRequest { Tensors = observed, Needs = [.. named.Concat(rivals).SelectMany(NeedsOf).Distinct()], Patches = PatchRequests(plan, types), Seed = options.Seed };
        var statistics = calibration.Gather(model, request, string.Join(", ", named.Select(m => m.Name)), options.Threads, phases, cancellationToken);

        Garbage.Collect();
        phases.Begin("ranges", plan.Slots.Length * (1 + rivals.Length));
        Plan RangesBy(string name) => new ActivationRanges(model.Graph, plan, statistics, name, options.Parameters).Solve(options.Threads, phases.Step, cancellationToken);
        (string? MethodForAll, Plan Plan)[] sets = [(null, RangesBy(method)), .. rivals.Select(m => (m.Name, RangesBy(m.Name)))];
        if (sets.Length > 1 && !isSmall)
        {
            phases.Begin("ranges by outputs", sets.Length);
            var models = sets.Select(s => QdqLowering.Lower(model, s.Plan, NoWeights, floatWeights: true).Model);
            sets = [sets[RangeSets.Best(model, models, calibration.Samples.Spread(SetSamples), options.Threads, phases.Step, cancellationToken)]];
        }

        return (sets, statistics.Tensors, new ConcurrentDictionary<string, PatchSet>(statistics.Patches, StringComparer.Ordinal));
    }

    // Rows are let go layer by layer: the later layers of most networks are the larger ones.
    private (IReadOnlyDictionary<string, QuantizedWeights> Weights, IReadOnlyDictionary<string, IReadOnlyList<WeightReport>> Reports) RoundWeights(
        Plan plan, ConcurrentDictionary<string, PatchSet> rows)
    {
        LayerPlan[] layers = [.. plan.WeightedLayers];
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
                solved[i] = rows.TryRemove(layers[i].Key, out var patches)
                    ? LayerWeights.Solve(node, layers[i], input, patches, avoid, choice, cancellationToken: cancellationToken)
                    : (NearestWeights.Round(node, layers[i], input), []);
                phases.Step();
            },
            cancellationToken);
        return (
            layers.Zip(solved).ToDictionary(p => p.First.Key, p => p.Second.Weights, StringComparer.Ordinal),
            layers.Zip(solved).ToDictionary(p => p.First.Key, p => p.Second.Reports, StringComparer.Ordinal));
    }

    private IReadOnlyDictionary<string, QuantizedWeights> CorrectBiases(Plan plan, IReadOnlyDictionary<string, QuantizedWeights> weights)
        => BiasCorrection.Run(model, plan, weights, calibration.Samples.Spread(BiasSamples), options.Threads, phases.Step, cancellationToken: cancellationToken);

    // Each step counts only where it shows at the network's outputs. Other ranges need other weights: those that were solved may saturate.
    private SolvedPlan SolveByOutputs(SolvedPlan solved, ObservedTypes types)
    {
        var some = calibration.Samples.Spread(SearchSamples);
        var reference = OutputReference.Measure(model, some, options.Threads, cancellationToken, asLogits: true);
        double[] Errors(SolvedPlan candidate)
            => reference.ErrorsOf(QdqLowering.Lower(model, candidate.Plan, candidate.Weights, floatWeights: true).Model, some, options.Threads, cancellationToken);
        options.SearchStop?.Begin();
        var stop = options.SearchStop?.Token ?? CancellationToken.None;
        if (options.Plan is { WeightsInOrder: not true } known)
        {
            return solved with { WeightsInOrder = known.WeightsInOrder, SearchCutShort = known.SearchCutShort };
        }

        var compensated = Compensate("weights in order", solved, some, types, stop);
        if (compensated is null)
        {
            return solved with { SearchCutShort = "before ranges were searched" };
        }

        bool compensates = options.Plan is not null || OutputReference.IsBetter(Errors(compensated), Errors(solved));
        var best = (compensates ? compensated : solved) with { WeightsInOrder = compensates, SearchCutShort = options.Plan?.SearchCutShort };
        if (options.Method != ThresholdMethods.Auto || options.Plan is not null)
        {
            return best;
        }

        for (int round = 0; round < SearchRounds; round++)
        {
            int steps = RangeSearch.Steps(best.Plan);
            int done = 0;
            phases.Begin("search", steps);
            void Step()
            {
                done++;
                phases.Step();
            }

            var searched = best with { Plan = RangeSearch.Run(model, best.Plan, best.Weights, some, options.Threads, Step, stop, cancellationToken) };
            string? cutShort = done < steps && stop.IsCancellationRequested ? FormattableString.Invariant($"round {round + 1}, after {done} of {steps} steps") : null;
            var anew = compensates && AllTakeBiases(searched.Plan) ? searched : RoundAnew(searched, types);
            anew = compensates ? Compensate("weights anew", anew, some, types)! : anew;
            bool isBetter = OutputReference.IsBetter(Errors(anew), Errors(best), certainty: 0);
            best = (isBetter ? anew : best) with { SearchCutShort = cutShort };
            if (!isBetter || cutShort is not null)
            {
                break;
            }

            phases.BeginAgain();
        }

        return best;
    }

    // Only such layers are compensated.
    private static bool AllTakeBiases(Plan plan) => plan.WeightedLayers.All(l => l.Role is OperatorRole.Weighted { BiasInput: not null });

    // Null where it was stopped.
    private SolvedPlan? Compensate(string phase, SolvedPlan solved, IReadOnlyList<Sample> some, ObservedTypes types, CancellationToken stop = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, cancellationToken);
        phases.Begin(phase, solved.Plan.WeightedLayers.Count());
        var sequential = new SequentialWeights(
            model,
            solved.Plan,
            some,
            PatchRequests(solved.Plan, types),
            AvoidsSaturation(solved.Plan),
            new WeightOptions { ErrorFeedback = options.ErrorFeedback },
            options.Seed,
            options.Threads,
            either.Token);
        try
        {
            return solved with
            {
                Weights = BiasCorrection.Run(model, solved.Plan, solved.Weights, some, options.Threads, phases.Step, sequential, options.BiasCorrection, either.Token),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private SolvedPlan RoundAnew(SolvedPlan solved, ObservedTypes types)
    {
        var request = new SweepRequest { Tensors = [], Patches = PatchRequests(solved.Plan, types), Seed = options.Seed };
        var rows = CalibrationSweep.Run(model, calibration.Samples, request, options.Threads, null, cancellationToken).Patches;
        phases.Begin("weights anew", solved.Plan.WeightedLayers.Count());
        var (weights, reports) = RoundWeights(solved.Plan, new ConcurrentDictionary<string, PatchSet>(rows, StringComparer.Ordinal));
        if (correctBiases)
        {
            phases.Begin("biases anew", solved.Plan.WeightedLayers.Count());
            weights = CorrectBiases(solved.Plan, weights);
        }

        return solved with { Weights = weights, Reports = reports };
    }

    private bool AvoidsSaturation(Plan plan) => plan.Target.PairSumsMaySaturate && options.Saturation == SaturationPolicy.Avoid;

    private IReadOnlyList<PatchRequest> PatchRequests(Plan plan, ObservedTypes types)
    {
        bool fast = options.Effort == Effort.Fast;
        if (fast && !AvoidsSaturation(plan))
        {
            return [];
        }

        return plan.Requests(model.Graph, types, calibration.Count, fast ? PatchBudget.FewBytes : PatchBudget.ManyBytes);
    }
}
