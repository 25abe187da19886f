using System.Collections.Immutable;
using Octet.Calibration.Statistics;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds.MindSpore;

/// <summary>
/// MindSpore Lite's REMOVAL_OUTLIER (mindspore-lite, tools/converter/quantizer/data_distribution.cc): two order statistics of each
/// sample, their means, then the rule of <see cref="MindSporeScale"/>. Indices are computed in 32-bit floats, as in the original: of 10,001
/// values nothing is dropped above. The method removal-outlier counts exactly.
/// </summary>
public sealed class MindSporeRemovalOutlierThreshold : IThresholdMethod
{
    private static readonly ThresholdParameter Percent = new("percent", 0.9999, 0.5, 1, "Share of a sample's values below its upper order statistic.");

    /// <inheritdoc/>
    public string Name => "mindspore-removal-outlier";

    /// <inheritdoc/>
    public string Description => "MindSpore Lite's REMOVAL_OUTLIER: the mean over the samples of two order statistics.";

    /// <inheritdoc/>
    public ImmutableArray<ThresholdParameter> Parameters => [Percent];

    /// <inheritdoc/>
    public ImmutableArray<StatisticNeed> Needs(QuantType type, bool symmetric, ThresholdSettings settings) => [Need(settings)];

    /// <inheritdoc/>
    public ThresholdResult Compute(TensorStatistics statistics, QuantType type, bool symmetric, ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        float[][] samples = [.. statistics.Get(Need(settings)).InOrder.Where(b => b.Length > 0)];
        var (low, high) = samples.Length == 0 ? (0f, 0f) : ((float)samples.Average(b => (double)b[0]), (float)samples.Average(b => (double)b[1]));
        var result = MindSporeScale.ToResult(low, high, type, symmetric);
        return result with { Figures = [.. result.Figures, ("quantile_min", low), ("quantile_max", high), ("samples", samples.Length)] };
    }

    private static MindSporeQuantiles Need(ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new MindSporeQuantiles(settings[Percent]);
    }
}
