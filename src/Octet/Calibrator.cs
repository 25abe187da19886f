using System.Collections.Immutable;
using Octet.Calibration;
using Octet.Calibration.Advice;
using Octet.Calibration.Files;
using Octet.Calibration.Inputs;
using Octet.Calibration.Patches;
using Octet.Calibration.Statistics;
using Octet.Data;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Inference;
using Octet.Planning;
using Octet.Planning.Targets;
using Octet.Refinement;
using Octet.Rewrites;

namespace Octet;

/// <summary>
/// Gathers the statistics of a model's activations, to be saved (<see cref="StatisticsFile"/>), merged with those of other samples and
/// solved by any threshold method without running the model again.
/// </summary>
public sealed class Calibrator
{
    // More shards of the statistics cost memory and show no more of how the ranges settle.
    private const int Groups = 8;

    private readonly CalibrationOptions options;
    private readonly ImmutableArray<Target> targets;

    /// <summary>Checks the options.</summary>
    /// <exception cref="OctetException">An option is out of range, names something that does not exist, or asks for what a method's kind forbids.</exception>
    public Calibrator(CalibrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, nameof(options));
        this.options = options;
        if (options.QuantizedWeights is { } target)
        {
            _ = TargetCatalog.Find(target);
        }

        targets = [.. CalibrationNeeds.TargetsOf(options)];
        Needs = CalibrationNeeds.Of(options);
    }

    /// <summary>What will be gathered besides histograms.</summary>
    public ImmutableArray<StatisticNeed> Needs { get; }

    /// <summary>
    /// What a shard leaves out since it is gathered by a second sweep, which must know the extremes of all samples: to be gathered from the same shards
    /// again when they are merged, with <see cref="CalibrationOptions.Reuse"/>.
    /// </summary>
    public ImmutableArray<StatisticNeed> Waiting => [.. CalibrationNeeds.Of(options with { Shard = null }).Except(Needs)];

    /// <summary>Calibrates a model file.</summary>
    /// <param name="modelPath">A float ONNX model.</param>
    /// <param name="samples">The whole data set, 100 to 500 samples as a rule; a shard takes its part.</param>
    /// <param name="progress">Told how far the work is; called from several threads.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="OctetException">The model, a sample or the statistics to reuse are at fault, or the memory limit is too small.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public CalibrationOutcome Run(string modelPath, ISampleSource samples, IProgress<QuantizationProgress>? progress = null, CancellationToken cancellationToken = default)
        => Run(OnnxFormat.Read(modelPath), samples, progress, cancellationToken);

    /// <summary>Calibrates a model that was read or made.</summary>
    /// <param name="floatModel">A float model; it is not changed.</param>
    /// <param name="samples">The whole data set, 100 to 500 samples as a rule; a shard takes its part.</param>
    /// <param name="progress">Told how far the work is; called from several threads.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="OctetException">The model, a sample or the statistics to reuse are at fault, or the memory limit is too small.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public CalibrationOutcome Run(Model floatModel, ISampleSource samples, IProgress<QuantizationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(floatModel);
        ArgumentNullException.ThrowIfNull(samples);
        var phases = new Phases(progress);
        phases.Begin("reading", 1);
        var model = floatModel.Clone();
        model.Graph.FixInputDefaults();
        using var checkedSamples = new CheckedSamples(model, samples);
        RewritePipeline.Simplify.Run(model, cancellationToken);
        try
        {
            var outcome = Run(model, checkedSamples, phases, cancellationToken);
            phases.End();
            return outcome with { Warnings = [.. checkedSamples.Problems().Where(p => p.Code != ErrorCodes.SamplesFew).Select(p => p.ToString()), .. outcome.Warnings], Phases = phases.Times };
        }
        catch (OctetException) when (checkedSamples.HasErrors)
        {
            checkedSamples.ThrowAll(options.Threads, cancellationToken);
            throw;
        }
    }

    private CalibrationOutcome Run(Model model, CheckedSamples samples, Phases phases, CancellationToken cancellationToken)
    {
        phases.Begin("planning", 1);
        if (options.MemoryLimit is not null)
        {
            NativeHeap.ReturnFreedMemory();
        }

        var (from, to) = ShardOf(samples.Count);
        var types = TypeProbe.Run(model, samples.Load(0).Inputs, options.MemoryLimit / 8, cancellationToken);
        Plan PlanFor(Target target, IReadOnlyList<string> kept) => Planner.Build(model.Graph, target, types, kept);
        var ranges = new ObservedRanges(model, samples.Spread(CalibrationSource.GuardSamples), options.Threads);
        RangeGuard.Observe(targets.Select(t => new RangeGuard(model, PlanFor(t, []))), ranges, cancellationToken);
        var conflicts = targets.ToImmutableSortedDictionary(
            t => t.Name, t => RangeGuard.FindAll(model, kept => PlanFor(t, kept), [], ranges, null, cancellationToken).ToImmutableArray(), StringComparer.Ordinal);

        // Tensors at the border of what stays float are in a plan with it, the others in a plan without.
        Plan[] plans = [.. targets.Select(t => PlanFor(t, [.. conflicts[t.Name].SelectMany(c => c.KeptFloat)])), .. targets.Select(t => PlanFor(t, []))];
        string[] tensors = [.. plans.SelectMany(p => p.Observed).Distinct()];
        var hashes = new ContentHashes(withConstants: true);
        string HashOf(string tensor) => hashes.Of(model.Graph.Find(tensor)!);
        var origin = OriginOf(model, samples);
        var patches = plans[0].Requests(model.Graph, types, samples.Count, PatchBudget.FewBytes);
        var observed = options.QuantizedWeights is { } target ? SimulatedWeights.In(model, PlanFor(TargetCatalog.Find(target), [])) : model;

        var reused = ReusedStatistics.Of(options, origin, tensors, HashOf, patches, Needs, samples.Count);
        var part = new PartOfSamples(samples, from, to);
        var memory = MemoryPlan(model, types, [.. tensors.Union(patches.Select(p => p.Tensor))]);
        SweepRequest fresh = new()
        {
            Tensors = reused.Changed,
            Needs = reused.NeedsOfChanged,
            Patches = reused.ChangedPatches,
            Seed = options.Seed,
            Groups = Groups,
            FirstSample = from,
            Observation = memory,
        };
        SweepRequest added = new()
        {
            Tensors = reused.Kept,
            Needs = reused.NeedsOfKept,
            FirstSample = from,
            Observation = memory,
            First = reused.KeptStatistics,
        };
        int freshSweeps = fresh.Tensors.Count + fresh.Patches.Count > 0 ? fresh.Sweeps : 0;
        int addedSweeps = added is { Tensors.Count: > 0, Needs.IsEmpty: false } ? added.Sweeps : 0;
        phases.Begin("calibration", part.Count * Math.Max(1, freshSweeps + addedSweeps));
        var gathered = freshSweeps > 0 ? CalibrationSweep.Run(observed, part, fresh, options.Threads, phases.Step, cancellationToken) : CalibrationResult.Empty;
        var completed = addedSweeps > 0 ? CalibrationSweep.Run(observed, part, added, options.Threads, phases.Step, cancellationToken) : CalibrationResult.Empty with { Tensors = added.First };

        var all = gathered.Tensors.Concat(completed.Tensors);
        var statistics = new CalibrationStatistics
        {
            Origin = origin,
            Coverage = reused.Coverage(SampleRanges.Of(from, to)),
            Types = types.All.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Tensors = all.ToImmutableSortedDictionary(t => t.Key, t => new ObservedTensor(HashOf(t.Key), t.Value), StringComparer.Ordinal),
            Conflicts = conflicts,
            Rows = gathered.Patches.Concat(reused.KeptPatches).ToImmutableSortedDictionary(r => r.Key, r => new ObservedRows(HashOf(r.Value.Request.Tensor), r.Value), StringComparer.Ordinal),
        };
        var warnings = options.Shard is null ? CalibrationAdviser.NumberOfSamples(samples.Count).Concat(CalibrationAdviser.OfOutliers(CalibrationAdviser.Outliers(statistics))) : [];
        return new CalibrationOutcome(statistics, [.. reused.Changed], [.. reused.Kept], freshSweeps + addedSweeps, memory?.Groups.Length ?? 1) { Warnings = [.. warnings] };
    }

    private (int From, int To) ShardOf(int samples)
    {
        if (options.Shard is not { } shard)
        {
            return (0, samples);
        }

        // Batches stay whole.
        int unit = Needs.Aggregate(1, (all, n) => all / (int)System.Numerics.BigInteger.GreatestCommonDivisor(all, n.BatchSize) * n.BatchSize);
        long units = (samples + unit - 1) / unit;
        int from = (int)Math.Min(samples, units * (shard.Index - 1) / shard.Count * unit);
        int to = (int)Math.Min(samples, units * shard.Index / shard.Count * unit);
        return from < to ? (from, to) : throw new OctetException(
            ErrorCodes.InvalidUsage,
            FormattableString.Invariant($"shard {shard.Index} of {shard.Count} is empty: there are {samples} samples, cut {(unit == 1 ? "anywhere" : FormattableString.Invariant($"at multiples of {unit}"))}"),
            "take fewer shards");
    }

    private StatisticsOrigin OriginOf(Model model, CheckedSamples samples) => new()
    {
        Graph = new ContentHashes(withConstants: false).Of(model),
        Weights = new ContentHashes(withConstants: true).Of(model),
        Data = samples.Fingerprint,
        Preprocess = samples.Preprocess?.ToString() ?? string.Empty,
        Observation = options.QuantizedWeights is { } target ? $"weights quantized for {target}" : StatisticsOrigin.FloatWeights,
        Processor = ProcessorClass.Current,
        Runtime = RuntimeVersion.OnnxRuntime,
        Seed = options.Seed,
        Samples = [.. Enumerable.Range(0, samples.Count).Select(samples.NameOf)],
    };

    private ObservationPlan? MemoryPlan(Model model, ObservedTypes types, string[] tensors)
    {
        if (options.MemoryLimit is not { } limit)
        {
            return null;
        }

        (string Name, long Bytes)[] sizes = [.. tensors.Select(t => (t, types.ShapeOf(model.Graph.Find(t)!)!.Value.Count * sizeof(float)))];
        long largest = types.All.Values.Select(t => t.Shape.Count * sizeof(float)).DefaultIfEmpty().Max();
        int batch = Needs.Select(n => n.BatchSize).DefaultIfEmpty(1).Max();
        Garbage.Collect();

        // A session holds the model about thrice while it is opened. A run has a few values that are not observed; statistics work on up to four copies of a tensor.
        long taken = Environment.WorkingSet + (3 * OnnxFormat.SizeOf(model));
        return ObservationPlan.Of(sizes, batch > 1 ? 2 * batch : 0, limit, taken, 6 * largest, options.Threads);
    }
}
