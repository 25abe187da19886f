using System.Collections.Immutable;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds;

/// <summary>
/// Order statistics: the given share of all values lies inside, and as many beyond either end; for a symmetric scheme, the share counts
/// magnitudes (McKinstry et al. 2018, "Discovering Low-Precision Networks Close to
/// Full-Precision Networks for Efficient Embedded Inference", section 3.1). Between the edges of a bin, interpolated linearly.
/// </summary>
public sealed class PercentileThreshold : IThresholdMethod
{
    private static readonly ThresholdParameter Percentile = new("percentile", 99.99, 50, 100, "Share of the values, in percent, that stays inside.");

    /// <inheritdoc/>
    public string Name => "percentile";

    /// <inheritdoc/>
    public string Description => "The range that holds a fixed share of the values.";

    /// <inheritdoc/>
    public ImmutableArray<ThresholdParameter> Parameters => [Percentile];

    /// <inheritdoc/>
    public ThresholdResult Compute(TensorStatistics statistics, QuantType type, bool symmetric, ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(settings);
        var histogram = statistics.Histogram;
        if (histogram.IsEmpty)
        {
            return default(ValueRange);
        }

        double dropped = (100 - settings[Percentile]) / 100 * histogram.Count;
        var whole = new ValueRange(histogram.Min, histogram.Max).WithZero();
        if (symmetric)
        {
            float bound = (float)Upper(histogram.MagnitudeBins(), dropped);
            return new ValueRange(Math.Max(whole.Min, -bound), Math.Min(whole.Max, bound));
        }

        var bins = histogram.Bins();
        double max = Upper(bins, dropped / 2);
        double min = -Upper([.. bins.Reverse().Select(b => new HistogramBin(-b.High, -b.Low, b.Count))], dropped / 2);
        return new ValueRange(Math.Clamp((float)min, whole.Min, 0), Math.Clamp((float)max, 0, whole.Max));
    }

    /// <summary>The value above which <paramref name="dropped"/> values lie; 0 where there are not as many.</summary>
    private static double Upper(ImmutableArray<HistogramBin> bins, double dropped)
    {
        for (int i = bins.Length - 1; i >= 0; i--)
        {
            var (low, high, count) = bins[i];
            if (count > dropped)
            {
                return high - (high - low) * (dropped / count);
            }

            dropped -= count;
        }

        return 0;
    }
}
