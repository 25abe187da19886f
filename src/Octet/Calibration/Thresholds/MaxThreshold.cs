using Octet.Numerics;

namespace Octet.Calibration.Thresholds;

/// <summary>Everything that was seen: nothing is clipped.</summary>
public sealed class MaxThreshold : IThresholdMethod
{
    /// <inheritdoc/>
    public string Name => "max";

    /// <inheritdoc/>
    public string Description => "from the smallest to the largest value seen";

    /// <inheritdoc/>
    public ValueRange Compute(LogLinearHistogram histogram, QuantType type, bool symmetric)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        return new ValueRange(histogram.Min, histogram.Max).WithZero();
    }
}
