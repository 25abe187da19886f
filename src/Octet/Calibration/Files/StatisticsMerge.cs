using System.Collections.Immutable;
using Octet.Calibration.Statistics;

namespace Octet.Calibration.Files;

/// <summary>Puts the statistics of shards of one data set together.</summary>
public static class StatisticsMerge
{
    private const string ProcessorSeparator = " and ";

    /// <summary>Merges statistics; their order does not matter.</summary>
    /// <param name="parts">At least one. They may be changed.</param>
    /// <param name="allowMixedProcessors">Whether they may come from unlike processors.</param>
    /// <exception cref="OctetException">
    /// <see cref="ErrorCodes.StatisticsStranger"/>: they are not of one model, data set and machine, or have seen a sample twice;
    /// <see cref="ErrorCodes.StatisticKindRefused"/>: a statistic cannot be merged.
    /// </exception>
    public static CalibrationStatistics Merge(IEnumerable<CalibrationStatistics> parts, bool allowMixedProcessors = false)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return parts.Aggregate((a, b) => Merge(a, b, allowMixedProcessors));
    }

    private static CalibrationStatistics Merge(CalibrationStatistics a, CalibrationStatistics b, bool allowMixedProcessors)
    {
        var differences = a.Origin.DifferencesFrom(b.Origin, allowMixedProcessors);
        if (differences.Count > 0)
        {
            throw Stranger($"these statistics are not of one calibration: {string.Join("; ", differences)}", "merge shards of one");
        }

        if (!a.Tensors.Keys.SequenceEqual(b.Tensors.Keys) || a.Tensors.Any(t => t.Value.Hash != b.Tensors[t.Key].Hash
            || t.Value.Statistics.Groups.Length != b.Tensors[t.Key].Statistics.Groups.Length))
        {
            throw Stranger("these statistics are of unlike tensors", "merge files of one version of octet");
        }

        if (!a.Conflicts.Keys.SequenceEqual(b.Conflicts.Keys))
        {
            throw Stranger($"these statistics are for unlike targets: {string.Join(", ", a.Conflicts.Keys)}, and {string.Join(", ", b.Conflicts.Keys)}", "calibrate all shards with the same --target");
        }

        var merged = a.Coverage.Keys.Intersect(b.Coverage.Keys).Where(key => IsMerged(key, a, b)).ToHashSet(StringComparer.Ordinal);
        bool histograms = merged.Contains(CalibrationStatistics.HistogramKey);
        foreach (string key in merged)
        {
            CheckKind(key, histograms);
        }

        try
        {
            return a with
            {
                Origin = a.Origin with { Processor = Joined(a.Origin.Processor, b.Origin.Processor) },
                Coverage = a.Coverage.SetItems(b.Coverage.Select(c => KeyValuePair.Create(c.Key, merged.Contains(c.Key) ? c.Value.With(a.Coverage[c.Key]) : c.Value))),
                Tensors = a.Tensors.ToImmutableSortedDictionary(
                    t => t.Key,
                    t => t.Value with { Statistics = t.Value.Statistics.With(b.Tensors[t.Key].Statistics, n => merged.Contains(n.Key), histograms) },
                    StringComparer.Ordinal),
                Rows = RowsOf(a, b, merged.Contains(CalibrationStatistics.RowsKey)),
            };
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw Stranger($"these statistics do not fit together: {e.Message}", "merge shards of one calibration");
        }
    }

    // What both have of the same samples is the same: a first sweep that both were given.
    private static bool IsMerged(string key, CalibrationStatistics a, CalibrationStatistics b)
    {
        var (seen, others) = (a.Coverage[key], b.Coverage[key]);
        if (seen.Equals(others) && BytesOf(key, a).AsSpan().SequenceEqual(BytesOf(key, b)))
        {
            return false;
        }

        return !seen.Overlaps(others) ? true
            : throw Stranger($"{key}: samples {seen} are in one of the statistics, {others} in another, and some would count twice", "merge each shard once");
    }

    private static void CheckKind(string key, bool histograms)
    {
        var kind = StatisticNeeds.Find(key)?.Kind;
        if (kind == StatisticKind.Ordered)
        {
            throw new OctetException(ErrorCodes.StatisticKindRefused, $"{key} is ordered by nature: every value changes how the next one is taken, so parts of it cannot be put together", "calibrate all samples in one run");
        }

        if (kind == StatisticKind.SecondSweep && histograms)
        {
            throw new OctetException(
                ErrorCodes.StatisticKindRefused,
                $"{key} is gathered by a second sweep, and these knew the extremes of their own samples only",
                "calibrate the shards without it, merge them, then calibrate them again with --reuse and the merged file");
        }
    }

    private static byte[] BytesOf(string key, CalibrationStatistics statistics)
    {
        var writer = new StatisticWriter();
        if (key == CalibrationStatistics.RowsKey)
        {
            foreach (var rows in statistics.Rows.Values)
            {
                rows.Rows.Write(writer);
            }

            return writer.Written.ToArray();
        }

        foreach (var tensor in statistics.Tensors.Values)
        {
            if (key == CalibrationStatistics.HistogramKey)
            {
                foreach (var group in tensor.Statistics.Groups)
                {
                    group.Write(writer);
                }
            }
            else if (tensor.Statistics.Needs.FirstOrDefault(n => n.Key == key) is { } need)
            {
                tensor.Statistics.Get(need).Write(writer);
            }
        }

        return writer.Written.ToArray();
    }

    private static ImmutableSortedDictionary<string, ObservedRows> RowsOf(CalibrationStatistics a, CalibrationStatistics b, bool merged)
        => a.Rows.SetItems(b.Rows.Select(r => KeyValuePair.Create(r.Key, merged && a.Rows.TryGetValue(r.Key, out var own) ? own with { Rows = own.Rows.With(r.Value.Rows) } : r.Value)));

    private static string Joined(string a, string b)
        => string.Join(ProcessorSeparator, a.Split(ProcessorSeparator).Union(b.Split(ProcessorSeparator)).Order(StringComparer.Ordinal));

    private static OctetException Stranger(string problem, string remedy) => new(ErrorCodes.StatisticsStranger, problem, remedy);
}
