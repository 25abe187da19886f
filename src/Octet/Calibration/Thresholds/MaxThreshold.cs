using System.Collections.Immutable;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds;

/// <summary>Clips nothing: from the smallest value to the largest (Jacob et al. 2018, section 3, without its moving average).</summary>
public sealed class MaxThreshold : IThresholdMethod
{
    /// <inheritdoc/>
    public string Name => "max";

    /// <inheritdoc/>
    public string Description => "From the smallest value seen to the largest; nothing is clipped.";

    /// <inheritdoc/>
    public ImmutableArray<ThresholdParameter> Parameters => [];

    /// <inheritdoc/>
    public ThresholdResult Compute(TensorStatistics statistics, QuantType type, bool symmetric, ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        return new ValueRange(statistics.Histogram.Min, statistics.Histogram.Max).WithZero();
    }
}
