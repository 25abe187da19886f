using System.Collections.Immutable;
using Octet.Calibration.Statistics;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds.Ppq;

/// <summary>
/// PPQ's percentile (openppl-public/ppq 0.6.6, quantization/observer/range.py): two order statistics of each batch, their means over the
/// batches as 32-bit floats, then the rule of <see cref="PpqScale"/>. Of batches of fewer than 1 / (1 − percentile) values these are the
/// means of the extremes.
/// </summary>
public sealed class PpqPercentileThreshold : IThresholdMethod
{
    private static readonly ThresholdParameter Percentile = new("percentile", 0.9999, 0.5, 1, "Share of a batch's values below its upper order statistic.");

    /// <inheritdoc/>
    public string Name => "ppq-percentile";

    /// <inheritdoc/>
    public string Description => "PPQ's percentile: the mean over the batches of two order statistics.";

    /// <inheritdoc/>
    public ImmutableArray<ThresholdParameter> Parameters => [Percentile, PpqScale.PowerOfTwo];

    /// <inheritdoc/>
    public ImmutableArray<StatisticNeed> Needs(QuantType type, bool symmetric, ThresholdSettings settings) => [Need(settings)];

    /// <inheritdoc/>
    public ThresholdResult Compute(TensorStatistics statistics, QuantType type, bool symmetric, ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        float[][] batches = [.. statistics.Get(Need(settings)).InOrder.Where(b => b.Length > 0)];
        var (low, high) = batches.Length == 0 ? (0f, 0f) : ((float)batches.Average(b => (double)b[0]), (float)batches.Average(b => (double)b[1]));
        var result = PpqScale.OfRange(low, high, type, symmetric, settings.IsOn(PpqScale.PowerOfTwo));
        return result with { Figures = [.. result.Figures, ("mean_of_batch_low", low), ("mean_of_batch_high", high), ("observed_batches", batches.Length)] };
    }

    private static PpqQuantiles Need(ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new PpqQuantiles(settings[Percentile]);
    }
}
