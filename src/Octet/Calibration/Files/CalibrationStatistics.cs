using System.Collections.Immutable;
using Octet.Calibration.Statistics;
using Octet.Numerics;

namespace Octet.Calibration.Files;

/// <summary>All that a calibration gathered, with what it is of: the content of a file of statistics.</summary>
public sealed record CalibrationStatistics
{
    /// <summary>The key of histograms in <see cref="Coverage"/>.</summary>
    public const string HistogramKey = "histogram";

    /// <summary>The key of sampled rows in <see cref="Coverage"/>.</summary>
    public const string RowsKey = "rows";

    /// <summary>What the statistics are of.</summary>
    public required StatisticsOrigin Origin { get; init; }

    /// <summary>Types and shapes of the model's values as a run of the first sample showed them.</summary>
    public required ImmutableSortedDictionary<string, (ElementType Type, Shape Shape)> Types { get; init; }

    /// <summary>Which samples each kind of statistic has seen, by <see cref="HistogramKey"/>, <see cref="RowsKey"/> or the need's key.</summary>
    public required ImmutableSortedDictionary<string, SampleRanges> Coverage { get; init; }

    /// <summary>The observed tensors, by name.</summary>
    public required ImmutableSortedDictionary<string, ObservedTensor> Tensors { get; init; }

    /// <summary>The sampled rows of layers, by key.</summary>
    public required ImmutableSortedDictionary<string, ObservedRows> Rows { get; init; }

    /// <summary>By target: tensors of its plan whose parts have ranges too unlike for one scale, as a few samples of the whole data set showed.</summary>
    public required ImmutableSortedDictionary<string, ImmutableArray<RangeConflict>> Conflicts { get; init; }

    /// <summary>Samples that the histograms have seen.</summary>
    public int SampleCount => Coverage.TryGetValue(HistogramKey, out var seen) ? seen.Count : 0;

    /// <summary>As a sweep gives it.</summary>
    public CalibrationResult Result => new(
        Tensors.ToDictionary(t => t.Key, t => t.Value.Statistics, StringComparer.Ordinal), Rows.ToDictionary(r => r.Key, r => r.Value.Rows, StringComparer.Ordinal));

    /// <summary>Checks that statistics are complete for some needs.</summary>
    /// <param name="needs">What is needed.</param>
    /// <param name="who">Who needs it, for the message: <c>method kl</c>.</param>
    /// <exception cref="OctetException">
    /// <see cref="ErrorCodes.StatisticKindRefused"/>: raw values are never saved; <see cref="ErrorCodes.StatisticMissing"/>: one was not gathered, or not from
    /// all samples that the histograms have seen.
    /// </exception>
    public void Require(IEnumerable<StatisticNeed> needs, string who)
    {
        foreach (var need in needs)
        {
            if (need.Kind == StatisticKind.Raw)
            {
                throw new OctetException(ErrorCodes.StatisticKindRefused, $"{who} works on the values themselves ({need.Key}), which are not saved", "give the samples with --data");
            }

            if (!Coverage.TryGetValue(need.Key, out var seen))
            {
                throw new OctetException(ErrorCodes.StatisticMissing, $"{who} needs {need.Key}, which the statistics lack", "gather it with octet calibrate --methods and the method's name");
            }

            if (!seen.Equals(Coverage[HistogramKey]))
            {
                throw new OctetException(
                    ErrorCodes.StatisticMissing,
                    $"{who} needs {need.Key}, which saw {seen.Count} samples ({seen}) where the histograms saw {SampleCount} ({Coverage[HistogramKey]})",
                    "merge the shards that are missing");
            }
        }
    }
}
