using System.Collections.Immutable;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds.Ppq;

/// <summary>PPQ's minmax (openppl-public/ppq 0.6.6, quantization/observer/range.py): the extremes, with the rule of <see cref="PpqScale"/>.</summary>
public sealed class PpqMinMaxThreshold : IThresholdMethod
{
    /// <inheritdoc/>
    public string Name => "ppq-minmax";

    /// <inheritdoc/>
    public string Description => "PPQ's minmax: nothing is clipped; powers of two are rounded up.";

    /// <inheritdoc/>
    public ImmutableArray<ThresholdParameter> Parameters => [PpqScale.PowerOfTwo];

    /// <inheritdoc/>
    public ThresholdResult Compute(TensorStatistics statistics, QuantType type, bool symmetric, ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(settings);
        return PpqScale.OfRange(statistics.Histogram.Min, statistics.Histogram.Max, type, symmetric, settings.IsOn(PpqScale.PowerOfTwo));
    }
}
