using Octet.Numerics;

namespace Octet.Calibration.Thresholds.Ppq;

/// <summary>
/// Scales as PPQ 0.6.6 makes them (openppl-public/ppq, quantization/observer/range.py, utils/round.py): symmetric,
/// 2 · bound / (qmax − qmin); asymmetric, (max − min) / (qmax − qmin) with the zero point at qmin + round(−min / scale). None is below 10^−8.
/// </summary>
internal static class PpqScale
{
    private const double Smallest = 1e-8;

    /// <summary>The switch that all of PPQ's methods have; the scheme power-of-two sets it.</summary>
    internal static ThresholdParameter PowerOfTwo { get; } = new("power_of_two", 0, 0, 1, "Whether the scale is rounded to a power of two.") { Aliases = ["power_of_2"] };

    /// <summary>The result for two ends; a power of two is the next one up, so that nothing is clipped.</summary>
    internal static ThresholdResult OfRange(double min, double max, QuantType type, bool symmetric, bool powerOfTwo)
    {
        min = Math.Min(0, min);
        max = Math.Max(0, max);
        double levels = (double)type.Max - type.Min;
        double scale = Math.Max(Smallest, (symmetric ? 2 * Math.Max(-min, max) : max - min) / levels);
        int offset = symmetric ? 0 : (int)Math.Round(-min / scale);
        if (powerOfTwo)
        {
            scale = Math.ScaleB(1, (int)Math.Ceiling(Math.Log2(scale)));
        }

        return Result(scale, new ValueRange((float)min, (float)max), type, symmetric ? Middle(type) : Math.Clamp(type.Min + offset, type.Min, type.Max));
    }

    /// <summary>The result for a symmetric scale that a histogram's cut gave; a power of two is the nearest one, so that values may be clipped.</summary>
    internal static ThresholdResult OfScale(double scale, QuantType type, bool powerOfTwo)
    {
        scale = Math.Max(Smallest, scale);
        if (powerOfTwo)
        {
            scale = Math.ScaleB(1, (int)Math.Floor(Math.Log2(scale) + 0.5));
        }

        double bound = scale * (1L << (type.Bits - 1));
        return Result(scale, new ValueRange((float)-bound, (float)bound), type, Middle(type));
    }

    /// <summary>The zero point of a symmetric scheme.</summary>
    internal static int Middle(QuantType type) => type.Signed ? 0 : 1 << (type.Bits - 1);

    private static ThresholdResult Result(double scale, ValueRange range, QuantType type, int zeroPoint)
        => new(range.Finite(), new QuantParams(type, (float)Math.Min(scale, float.MaxValue), zeroPoint)) { Figures = [("solved_scale", scale)] };
}
