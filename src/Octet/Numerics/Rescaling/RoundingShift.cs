namespace Octet.Numerics.Rescaling;

/// <summary>Shifts with every rounding, exact for all operands.</summary>
public static class RoundingShift
{
    /// <summary>value / 2^<paramref name="shift"/>, rounded; for a negative shift value · 2^−shift.</summary>
    /// <param name="value">Of 32 bits at most, or of so many that value · 2^−shift fits 64 for a negative shift.</param>
    /// <param name="shift">−31 to 62.</param>
    /// <param name="rounding">What becomes of the bits that fall off.</param>
    public static long Right(long value, int shift, ShiftRounding rounding)
    {
        if (shift <= 0)
        {
            return value * (1L << -shift);
        }

        long half = 1L << (shift - 1);
        long floor = value >> shift;
        long rest = value - (floor << shift);
        bool up = rounding switch
        {
            ShiftRounding.Floor => false,
            ShiftRounding.HalfUp => rest >= half,
            ShiftRounding.HalfDown => rest > half,
            ShiftRounding.HalfAway => rest > half || (rest == half && value > 0),
            _ => rest > half || (rest == half && (floor & 1) != 0),
        };
        return up ? floor + 1 : floor;
    }
}
