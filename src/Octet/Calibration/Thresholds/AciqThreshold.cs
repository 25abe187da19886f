using System.Collections.Immutable;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds;

/// <summary>
/// SOPHON's ACIQ (Banner et al. 2019): the better of <see cref="AciqGaussThreshold"/> and <see cref="AciqLaplaceThreshold"/>, by the squared error that the
/// scheme's grid really causes to the histogram.
/// </summary>
public sealed class AciqThreshold : IThresholdMethod
{
    /// <inheritdoc/>
    public string Name => "aciq";

    /// <inheritdoc/>
    public string Description => "ACIQ: the clipping of least noise, normal or Laplace's distribution, whichever costs less.";

    /// <inheritdoc/>
    public ImmutableArray<ThresholdParameter> Parameters => [];

    /// <inheritdoc/>
    public ThresholdResult Compute(TensorStatistics statistics, QuantType type, bool symmetric, ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        var error = new HistogramError(statistics.Histogram);
        var normal = AciqRange.Of(statistics.Histogram, type, symmetric, laplace: false);
        var other = AciqRange.Of(statistics.Histogram, type, symmetric, laplace: true);
        bool laplace = Error(other.Range) < Error(normal.Range);
        var (range, alpha, deviation) = laplace ? other : normal;
        return new ThresholdResult(range) { Figures = [("laplace", laplace ? 1 : 0), ("alpha", alpha), ("threshold", alpha * deviation)] };

        double Error(ValueRange candidate)
        {
            var (scale, zeroPoint) = ValueRange.Solve(candidate, type, symmetric);
            return error.SquaredError(type, scale, zeroPoint);
        }
    }
}
