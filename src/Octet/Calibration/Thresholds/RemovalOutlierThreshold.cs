using System.Collections.Immutable;
using Octet.Calibration.Statistics;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds;

/// <summary>
/// MindSpore Lite's REMOVAL_OUTLIER with exact counts: of each batch as many values are dropped at either end, and the ends are averaged over
/// the batches, so that one odd batch moves them little. See <see cref="MindSpore.MindSporeRemovalOutlierThreshold"/> for the original's.
/// </summary>
public sealed class RemovalOutlierThreshold : IThresholdMethod
{
    private static readonly ThresholdParameter Percent = new("percent", 0.9999, 0.5, 1, "Share of a batch's values that is not above its upper end, nor another below its lower one.");

    /// <inheritdoc/>
    public string Name => "removal-outlier";

    /// <inheritdoc/>
    public string Description => "The mean over the batches of two order statistics.";

    /// <inheritdoc/>
    public ImmutableArray<ThresholdParameter> Parameters => [Percent];

    /// <inheritdoc/>
    public ImmutableArray<StatisticNeed> Needs(QuantType type, bool symmetric, ThresholdSettings settings) => [Need(settings)];

    /// <inheritdoc/>
    public ThresholdResult Compute(TensorStatistics statistics, QuantType type, bool symmetric, ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        float[][] batches = [.. statistics.Get(Need(settings)).InOrder.Where(b => b.Length > 0)];
        if (batches.Length == 0)
        {
            return default(ValueRange);
        }

        var whole = new ValueRange(statistics.Histogram.Min, statistics.Histogram.Max).WithZero();
        float low = Math.Max(whole.Min, (float)batches.Average(b => (double)b[0]));
        float high = Math.Min(whole.Max, (float)batches.Average(b => (double)b[1]));
        return new ThresholdResult(new ValueRange(low, high).WithZero()) { Figures = [("quantile_min", low), ("quantile_max", high), ("batches", batches.Length)] };
    }

    private static BatchQuantiles Need(ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new BatchQuantiles(settings[Percent]);
    }
}
