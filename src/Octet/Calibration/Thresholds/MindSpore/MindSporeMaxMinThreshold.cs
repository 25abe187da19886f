using System.Collections.Immutable;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds.MindSpore;

/// <summary>MindSpore Lite's MAX_MIN (mindspore-lite, tools/converter/quantizer/data_distribution.cc): the extremes, with the rule of <see cref="MindSporeScale"/>.</summary>
public sealed class MindSporeMaxMinThreshold : IThresholdMethod
{
    /// <inheritdoc/>
    public string Name => "mindspore-max-min";

    /// <inheritdoc/>
    public string Description => "MindSpore Lite's MAX_MIN: nothing is clipped, the range is nudged to its zero point.";

    /// <inheritdoc/>
    public ImmutableArray<ThresholdParameter> Parameters => [];

    /// <inheritdoc/>
    public ThresholdResult Compute(TensorStatistics statistics, QuantType type, bool symmetric, ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        return MindSporeScale.ToResult(statistics.Histogram.Min, statistics.Histogram.Max, type, symmetric);
    }
}
