using Octet.Numerics;

namespace Octet.Calibration.Thresholds;

/// <summary>
/// ACIQ's ranges from the moments of a tensor's histogram, which are within 1/128 of the values' own. A symmetric scheme clips about zero,
/// and takes moments about zero; an asymmetric one about the mean. Values of one sign are taken as half of a distribution about zero,
/// which has twice the levels (Banner et al. 2019, section 4.2, on fused Relu).
/// </summary>
internal static class AciqRange
{
    /// <summary>The range under one distribution, its α, and the deviation that it is a multiple of.</summary>
    internal static (ValueRange Range, double Alpha, double Deviation) Of(LogLinearHistogram histogram, QuantType type, bool symmetric, bool laplace)
    {
        var whole = new ValueRange(histogram.Min, histogram.Max).WithZero();
        if (whole.Bound == 0)
        {
            return (whole, 0, 0);
        }

        bool oneSign = whole.Min == 0 || whole.Max == 0;
        double centre = symmetric || oneSign ? 0 : Mean(histogram, whole.Bound);
        double deviation = Deviation(histogram, whole.Bound, centre, laplace);
        int bits = Math.Min(type.Bits, 16) + (oneSign && !symmetric ? 1 : 0);
        double alpha = laplace ? AciqClipping.OfLaplace(bits) : AciqClipping.OfNormal(bits);
        double reach = alpha * deviation * whole.Bound;
        double middle = centre * whole.Bound;
        return (new ValueRange((float)Math.Clamp(middle - reach, whole.Min, 0), (float)Math.Clamp(middle + reach, 0, whole.Max)), alpha, deviation * whole.Bound);
    }

    // In units of the largest magnitude: no square overflows, and doubled values give the doubled range to the bit.
    private static double Mean(LogLinearHistogram histogram, double unit)
        => histogram.Bins().Sum(b => b.Count * ((b.Low + b.High) / 2 / unit)) / histogram.Count;

    private static double Deviation(LogLinearHistogram histogram, double unit, double centre, bool laplace)
    {
        double sum = 0;
        foreach (var bin in histogram.Bins())
        {
            double value = (bin.Low + bin.High) / 2 / unit - centre;
            double width = (bin.High - bin.Low) / unit;
            sum += bin.Count * (laplace ? Math.Abs(value) : value * value + width * width / 12);
        }

        sum /= histogram.Count;
        return laplace ? sum : Math.Sqrt(sum);
    }
}
