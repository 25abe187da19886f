using System.Collections.Immutable;
using Octet.Calibration.Statistics;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds.TpuMlir;

/// <summary>
/// tpu-mlir's PERCENTILE9999 (sophgo/tpu-mlir, python/calibration/kld_calibrator.py): of all n values the ⌊n (1 − p)⌋ + 1 largest and smallest are
/// kept; the outermost but those, moved by the fraction of (n − 1) p towards the next, is the end; T = max(|low|, |high|). The original
/// raises the percent from operator to operator, from 99.99 towards 99.999999; here it is the parameter.
/// </summary>
public sealed class TpuMlirPercentileThreshold : IThresholdMethod
{
    private const int KeptExtremes = 4096;

    private static readonly ThresholdParameter Percent = new("percent", 99.99, 50, 100, "Share of the values, in percent, below the upper end.");
    private static readonly ExtremeValuesNeed Extremes = new(KeptExtremes);

    /// <inheritdoc/>
    public string Name => "tpu-mlir-percentile9999";

    /// <inheritdoc/>
    public string Description => "tpu-mlir's PERCENTILE9999: the larger of two interpolated order statistics.";

    /// <inheritdoc/>
    public ImmutableArray<ThresholdParameter> Parameters => [Percent];

    /// <inheritdoc/>
    public ImmutableArray<StatisticNeed> Needs(QuantType type, bool symmetric, ThresholdSettings settings) => [Extremes];

    /// <inheritdoc/>
    public ThresholdResult Compute(TensorStatistics statistics, QuantType type, bool symmetric, ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(settings);
        long count = statistics.Histogram.Count;
        double share = settings[Percent] / 100;
        long kept = Math.Min((long)(count * (1 - share)) + 1, count);
        double place = (count - 1) * share;
        double high = kept == 0 ? 0 : End(statistics, kept, place - Math.Floor(place), upper: true);
        double low = kept == 0 ? 0 : End(statistics, kept, place - Math.Floor(place), upper: false);
        var result = TpuMlirScale.ToResult(Math.Max(Math.Abs(low), Math.Abs(high)), statistics, type);
        return result with { Figures = [.. result.Figures, ("v_max", high), ("v_min", low), ("length_kept", kept)] };
    }

    private static double End(TensorStatistics statistics, long rank, double fraction, bool upper)
    {
        double inner = Extremes.Ranked(statistics, rank, upper);
        return rank == 1 ? inner : inner + fraction * (Extremes.Ranked(statistics, rank - 1, upper) - inner);
    }
}
