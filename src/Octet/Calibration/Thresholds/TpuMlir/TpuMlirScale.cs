using Octet.Numerics;

namespace Octet.Calibration.Thresholds.TpuMlir;

/// <summary>
/// What SOPHON's tpu-mlir makes of a threshold (sophgo/tpu-mlir, python/calibration): symmetric, scale = threshold / (2^(bits−1) − 1), never
/// above the largest magnitude; a threshold up to 10^−5 is written as 10^−5.
/// </summary>
internal static class TpuMlirScale
{
    /// <summary>The least threshold of a calibration table.</summary>
    internal const double Least = 1e-5;

    /// <summary>The result for a threshold.</summary>
    internal static ThresholdResult ToResult(double threshold, TensorStatistics statistics, QuantType type)
    {
        double largest = new ValueRange(statistics.Histogram.Min, statistics.Histogram.Max).WithZero().Bound;
        double clamped = Math.Min(threshold, largest);
        double written = clamped > Least ? clamped : Least;
        int middle = type.Signed ? 0 : 1 << (type.Bits - 1);
        var range = new ValueRange((float)-written, (float)written);
        return new ThresholdResult(range, new QuantParams(type, (float)(written / Math.Max(1, (1L << (type.Bits - 1)) - 1)), middle))
        {
            Figures = [("threshold", clamped), ("mean", threshold)],
        };
    }
}
