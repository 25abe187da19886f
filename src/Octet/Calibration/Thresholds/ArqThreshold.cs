using System.Collections.Immutable;
using Octet.Calibration.Thresholds.Amct;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds;

/// <summary>
/// Ascend AMCT's ARQ, its method for weights (hicann/amct, amct_pytorch, custom_op/arq): the extremes, and the rule of
/// <see cref="AmctScale"/>, which uses the lowest integer where the negative end is the farther one. Meant for one channel at a time.
/// </summary>
public sealed class ArqThreshold : IThresholdMethod
{
    /// <inheritdoc/>
    public string Name => "arq";

    /// <inheritdoc/>
    public string Description => "Ascend AMCT's for weights: the extremes, all integers of the farther side used.";

    /// <inheritdoc/>
    public ImmutableArray<ThresholdParameter> Parameters => [];

    /// <inheritdoc/>
    public ThresholdResult Compute(TensorStatistics statistics, QuantType type, bool symmetric, ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        var (scale, offset) = AmctScale.Of(statistics.Histogram.Max, statistics.Histogram.Min, !symmetric, type.Bits);
        return new ThresholdResult(new ValueRange(statistics.Histogram.Min, statistics.Histogram.Max).WithZero(), AmctScale.ToQuantParams(scale, offset, type))
        {
            Figures = [("scale_w", scale), ("offset_w", offset)],
        };
    }
}
