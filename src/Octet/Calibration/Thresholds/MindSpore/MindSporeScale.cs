using Octet.Numerics;

namespace Octet.Calibration.Thresholds.MindSpore;

/// <summary>
/// Ranges, scales and zero points as MindSpore Lite's converter makes them (mindspore-lite, src/common/quant_utils.cc): the range is widened to
/// hold zero (or made symmetric) and nudged so that zero is an integer, then scale = (hi − lo) / (qmax − qmin), a quotient of 32-bit
/// floats, and zero point = round(qmin − lo / scale), halves away from zero.
/// </summary>
internal static class MindSporeScale
{
    private const float LeastWidth = 1e-10f;

    /// <summary>The nudged range.</summary>
    internal static (float Min, float Max) Encode(float min, float max, int lowest, int highest, bool symmetric)
    {
        max = Math.Max(max, min + LeastWidth);
        if (symmetric)
        {
            max = Math.Max(Math.Abs(min), Math.Abs(max));
            min = -max;
        }

        min = Math.Min(min, 0);
        max = Math.Max(max, 0);
        double levels = (double)highest - lowest;
        double step = (max - min) / levels;
        double zero = step == 0 ? 0 : Math.Round(-min / step, MidpointRounding.AwayFromZero);
        return ((float)(-zero * step), (float)((levels - zero) * step));
    }

    /// <summary>Scale and zero point of a nudged range.</summary>
    internal static (float Scale, int ZeroPoint) Solve(float min, float max, int lowest, int highest)
    {
        float scale = (max - min) / (highest - lowest);
        return (scale, scale == 0 ? lowest : (int)Math.Round(lowest - min / (double)scale, MidpointRounding.AwayFromZero));
    }

    /// <summary>The result for two ends. A symmetric scheme does without the lowest integer.</summary>
    /// <param name="min">Lower end.</param>
    /// <param name="max">Upper end.</param>
    /// <param name="type">Type of the integers.</param>
    /// <param name="symmetric">Whether the scheme is symmetric.</param>
    /// <param name="aroundZero">Whether the range is made symmetric though the scheme is not.</param>
    internal static ThresholdResult ToResult(float min, float max, QuantType type, bool symmetric, bool aroundZero = false)
    {
        int middle = type.Signed ? 0 : 1 << (type.Bits - 1);
        var (lowest, highest) = symmetric ? (1 - (1 << (type.Bits - 1)), (1 << (type.Bits - 1)) - 1) : (type.Min, type.Max);
        if (!float.IsFinite(max - min) || !float.IsFinite(2 * Math.Max(-min, max)))
        {
            return new ValueRange(min, max).WithZero();
        }

        var (low, high) = Encode(min, max, lowest, highest, symmetric || aroundZero);
        var (scale, zeroPoint) = Solve(low, high, lowest, highest);
        return new ThresholdResult(new ValueRange(low, high).WithZero(), new QuantParams(type, scale, Math.Clamp(zeroPoint + (symmetric ? middle : 0), type.Min, type.Max)))
        {
            Figures = [("encode_min", low), ("encode_max", high)],
        };
    }
}
