using System.Collections.Immutable;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds;

/// <summary>
/// ACIQ under a normal distribution (Banner et al. 2019, "Post-training 4-bit Quantization of Convolution Networks for
/// Rapid-Deployment"): the clipping of least expected noise, from moments; see <see cref="AciqRange"/>.
/// </summary>
public sealed class AciqGaussThreshold : IThresholdMethod
{
    /// <inheritdoc/>
    public string Name => "aciq-gauss";

    /// <inheritdoc/>
    public string Description => "ACIQ: the clipping of least noise under a normal distribution.";

    /// <inheritdoc/>
    public ImmutableArray<ThresholdParameter> Parameters => [];

    /// <inheritdoc/>
    public ThresholdResult Compute(TensorStatistics statistics, QuantType type, bool symmetric, ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        var (range, alpha, deviation) = AciqRange.Of(statistics.Histogram, type, symmetric, laplace: false);
        return new ThresholdResult(range) { Figures = [("alpha", alpha), ("standard_deviation", deviation), ("threshold", alpha * deviation)] };
    }
}
