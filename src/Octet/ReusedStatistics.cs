using System.Collections.Immutable;
using Octet.Calibration;
using Octet.Calibration.Files;
using Octet.Calibration.Patches;
using Octet.Calibration.Statistics;

namespace Octet;

/// <summary>What of earlier statistics still holds, and what is to be gathered.</summary>
internal sealed record ReusedStatistics
{
    /// <summary>Tensors whose statistics still hold.</summary>
    public required IReadOnlyList<string> Kept { get; init; }

    /// <summary>What still holds of each of <see cref="Kept"/>.</summary>
    public required IReadOnlyDictionary<string, TensorStatistics> KeptStatistics { get; init; }

    /// <summary>Tensors that are observed anew.</summary>
    public required IReadOnlyList<string> Changed { get; init; }

    /// <summary>What is gathered of <see cref="Kept"/>.</summary>
    public required ImmutableArray<StatisticNeed> NeedsOfKept { get; init; }

    /// <summary>What is gathered of <see cref="Changed"/> besides histograms.</summary>
    public required ImmutableArray<StatisticNeed> NeedsOfChanged { get; init; }

    /// <summary>Rows that still hold.</summary>
    public required IReadOnlyDictionary<string, PatchSet> KeptPatches { get; init; }

    /// <summary>Rows that are gathered.</summary>
    public required IReadOnlyList<PatchRequest> ChangedPatches { get; init; }

    private ImmutableSortedDictionary<string, SampleRanges> KeptCoverage { get; init; } = ImmutableSortedDictionary.Create<string, SampleRanges>(StringComparer.Ordinal);

    /// <summary>Splits the work.</summary>
    /// <param name="options">Have the earlier statistics, or none.</param>
    /// <param name="origin">What is calibrated now.</param>
    /// <param name="tensors">The tensors that are wanted.</param>
    /// <param name="hashOf">Tells the hash of a tensor.</param>
    /// <param name="patches">The rows that are wanted.</param>
    /// <param name="needs">What is wanted besides histograms.</param>
    /// <param name="samples">Samples of the whole data set.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.StatisticsStranger"/>; <see cref="ErrorCodes.StatisticMissing"/>: the earlier statistics have not seen all samples.</exception>
    public static ReusedStatistics Of(
        CalibrationOptions options,
        StatisticsOrigin origin,
        IReadOnlyList<string> tensors,
        Func<string, string> hashOf,
        IReadOnlyList<PatchRequest> patches,
        ImmutableArray<StatisticNeed> needs,
        int samples)
    {
        if (options.Reuse is not { } earlier)
        {
            return new ReusedStatistics
            {
                Kept = [],
                KeptStatistics = CalibrationResult.Empty.Tensors,
                Changed = tensors,
                NeedsOfKept = [],
                NeedsOfChanged = needs,
                KeptPatches = CalibrationResult.Empty.Patches,
                ChangedPatches = patches,
            };
        }

        var differences = (earlier.Origin with { Weights = origin.Weights }).DifferencesFrom(origin, options.AllowMixedProcessors);
        if (differences.Count > 0)
        {
            throw new OctetException(ErrorCodes.StatisticsStranger, $"the statistics to reuse are a stranger's: {string.Join("; ", differences)}", "calibrate without --reuse");
        }

        var whole = SampleRanges.Of(0, samples);
        if (!earlier.Coverage[CalibrationStatistics.HistogramKey].Equals(whole))
        {
            throw new OctetException(ErrorCodes.StatisticMissing, $"the statistics to reuse saw {earlier.SampleCount} of {samples} samples", "merge all shards first (octet stats merge)");
        }

        var covered = earlier.Coverage.Where(c => c.Value.Equals(whole)).ToImmutableSortedDictionary(StringComparer.Ordinal);
        string[] kept = [.. tensors.Where(t => earlier.Tensors.TryGetValue(t, out var known) && known.Hash == hashOf(t))];
        string[] changed = [.. tensors.Except(kept)];
        if (changed.Length > 0 && options.Shard is not null)
        {
            throw new OctetException(ErrorCodes.StatisticsStranger, $"{changed.Length} tensors lie behind changed weights (first \"{changed[0]}\")", "calibrate without --shard to reuse the others, or without --reuse");
        }

        if (options.Shard is not null && needs.FirstOrDefault(n => !covered.ContainsKey(n.Key) && n.Requires.Any(r => !covered.ContainsKey(r.Key))) is { } early)
        {
            throw new OctetException(
                ErrorCodes.StatisticMissing,
                $"{early.Key} requires {string.Join(" and ", early.Requires.Select(r => r.Key))} of all samples, which the statistics to reuse lack",
                "calibrate the shards with the same --methods first, and merge them");
        }

        bool rowsHold = covered.ContainsKey(CalibrationStatistics.RowsKey);
        var keptPatches = patches
            .Where(p => rowsHold && earlier.Rows.TryGetValue(p.Layer, out var rows) && rows.Hash == hashOf(p.Tensor) && rows.Rows.Request.IsLike(p))
            .ToDictionary(p => p.Layer, p => earlier.Rows[p.Layer].Rows, StringComparer.Ordinal);
        var inherited = covered.Keys.Select(StatisticNeeds.Find).OfType<StatisticNeed>();
        return new ReusedStatistics
        {
            Kept = kept,
            KeptStatistics = kept.ToDictionary(t => t, t => earlier.Tensors[t].Statistics.Only(n => covered.ContainsKey(n.Key)), StringComparer.Ordinal),
            Changed = changed,
            NeedsOfKept = [.. needs.Where(n => !covered.ContainsKey(n.Key))],
            NeedsOfChanged = [.. needs.Union(inherited).OrderBy(n => n.Key, StringComparer.Ordinal)],
            KeptPatches = keptPatches,
            ChangedPatches = [.. patches.Where(p => !keptPatches.ContainsKey(p.Layer))],
            KeptCoverage = covered,
        };
    }

    /// <summary>Which samples each statistic has seen in the end.</summary>
    /// <param name="part">The samples that are run now.</param>
    public ImmutableSortedDictionary<string, SampleRanges> Coverage(SampleRanges part)
    {
        string[] standing = [CalibrationStatistics.HistogramKey, CalibrationStatistics.RowsKey];
        var coverage = KeptCoverage.ToBuilder();
        foreach (string key in NeedsOfKept.Concat(NeedsOfChanged).Select(n => n.Key).Concat(standing))
        {
            coverage.TryAdd(key, part);
        }

        return coverage.ToImmutable();
    }
}
