using Octet.Numerics;

namespace Octet.Calibration.Thresholds.Amct;

/// <summary>
/// Scale and offset as Ascend AMCT makes them of two ends (hicann/amct, amct_pytorch, custom_op/utils.py), every step rounded to a 32-bit float:
/// asymmetric, scale = (max − min) / (2^b − 1) and offset = round(−2^(b−1) − min / scale); symmetric, scale = bound / (2^(b−1) − 1), or
/// / 2^(b−1) where the negative end is the farther one. A scale below the spacing of floats at 1 becomes 1.
/// </summary>
internal static class AmctScale
{
    /// <summary>The spacing of 32-bit floats at 1.</summary>
    internal const float Epsilon = 1.1920929e-7f;

    /// <summary>Solves scale and offset, for signed integers.</summary>
    internal static (float Scale, int Offset) Of(float max, float min, bool asymmetric, int bits)
    {
        int lowest = -(1 << (bits - 1));
        if (asymmetric)
        {
            max = Math.Max(0, max);
            min = Math.Min(0, min);
            float scale = Math.Min((max - min) / ((1 << bits) - 1), float.MaxValue);
            return scale < Epsilon ? (1, lowest) : (scale, (int)MathF.Round(lowest - min / scale, MidpointRounding.ToEven));
        }
        else
        {
            bool negative = Math.Abs(max) < Math.Abs(min);
            float scale = Math.Max(Math.Abs(max), Math.Abs(min)) / (negative ? -lowest : -lowest - 1);
            return (scale < Epsilon ? 1 : scale, 0);
        }
    }

    /// <summary>The parameters, shifted for unsigned types.</summary>
    internal static QuantParams ToQuantParams(float scale, int offset, QuantType type)
        => new(type, scale, Math.Clamp(offset + (type.Signed ? 0 : 1 << (type.Bits - 1)), type.Min, type.Max));

    /// <summary>The real values that the lowest and the highest integer stand for.</summary>
    internal static (float Min, float Max) Clip(float scale, int offset, int bits)
        => ((((1 << (bits - 1)) + offset) * -scale) + 0f, ((1 << (bits - 1)) - 1 - offset) * scale);
}
