using Octet.Numerics;

namespace Octet.Calibration;

/// <summary>The real values that quantization shall be able to hold. What lies outside is clipped.</summary>
/// <param name="Min">Finite, ≤ 0.</param>
/// <param name="Max">Finite, ≥ 0.</param>
public readonly record struct ValueRange(float Min, float Max)
{
    /// <summary>The range that a symmetric scheme uses: the larger bound, on both sides.</summary>
    public float Bound => Math.Max(-Min, Max);

    /// <summary>The smallest range that holds this one and zero.</summary>
    public ValueRange WithZero() => new(Math.Min(Min, 0), Math.Max(Max, 0));

    /// <summary>This range with infinite ends brought to the largest floats: what formulas of 32-bit floats overflow to.</summary>
    internal ValueRange Finite() => new(Math.Max(Min, float.MinValue), Math.Min(Max, float.MaxValue));

    /// <summary>
    /// Scale and zero point for this range. Asymmetric: scale = (max − min) / (qmax − qmin), zero point = round(qmin − min / scale), so that
    /// zero is exact and either end may move by half a step (Jacob et al. 2018, section 2.1 and appendix B.2). Symmetric:
    /// scale = bound / (2^(bits−1) − 1) with the zero point in the middle, 0 or 2^(bits−1); the lowest code then lies one step outside the range.
    /// A scale below the smallest normal float would lose its precision or become zero: it is then 1, and all values become zero.
    /// </summary>
    /// <param name="type">2 bits or more.</param>
    /// <param name="symmetric">Whether the range is made symmetric about zero.</param>
    /// <exception cref="InvalidOperationException">A bound is not finite.</exception>
    public QuantParams ToQuantParams(QuantType type, bool symmetric)
    {
        if (!float.IsFinite(Min) || !float.IsFinite(Max))
        {
            throw new InvalidOperationException($"The range from {Min} to {Max} is not finite.");
        }

        var (scale, zeroPoint) = Solve(WithZero(), type, symmetric);
        return new QuantParams(type, scale, zeroPoint);
    }

    /// <summary>The scale and zero point of a range, without the cost of an object: searches ask for thousands.</summary>
    internal static (float Scale, int ZeroPoint) Solve(ValueRange range, QuantType type, bool symmetric)
    {
        int middle = type.Signed ? 0 : 1 << (type.Bits - 1);
        if (symmetric)
        {
            float scale = (float)((double)range.Bound / ((1L << (type.Bits - 1)) - 1));
            return float.IsNormal(scale) ? (scale, middle) : (1, middle);
        }
        else
        {
            float scale = (float)(((double)range.Max - range.Min) / ((double)type.Max - type.Min));
            return float.IsNormal(scale)
                ? (scale, (int)Math.Clamp(Math.Round(type.Min - (double)range.Min / scale), type.Min, type.Max))
                : (1, type.Signed ? 0 : type.Min);
        }
    }
}
