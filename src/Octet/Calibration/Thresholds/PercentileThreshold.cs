using Octet.Numerics;

namespace Octet.Calibration.Thresholds;

/// <summary>The values without the outermost ones: the same share is clipped at either end (McKinstry et al. 2018, section 3.1).</summary>
/// <param name="percentile">Percent of the values that stay inside, above 0, at most 100.</param>
public sealed class PercentileThreshold(double percentile = 99.99) : IThresholdMethod
{
    /// <inheritdoc/>
    public string Name => "percentile";

    /// <inheritdoc/>
    public string Description => FormattableString.Invariant($"the range that holds {percentile} % of the values");

    /// <inheritdoc/>
    public ValueRange Compute(LogLinearHistogram histogram, QuantType type, bool symmetric)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        var bins = histogram.Bins();
        double tail = histogram.Count * (100 - percentile) / 200;
        return new ValueRange((float)Quantile(bins, tail), (float)-Quantile([.. bins.Reverse().Select(b => new HistogramBin(-b.High, -b.Low, b.Count))], tail)).WithZero();
    }

    // The value below which `below` values lie.
    private static double Quantile(IReadOnlyList<HistogramBin> bins, double below)
    {
        foreach (var bin in bins)
        {
            if (below < bin.Count)
            {
                return bin.Low + ((bin.High - bin.Low) * below / bin.Count);
            }

            below -= bin.Count;
        }

        return 0;
    }
}
