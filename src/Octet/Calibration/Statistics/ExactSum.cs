namespace Octet.Calibration.Statistics;

/// <summary>
/// A sum of doubles without rounding, in fixed point over the whole range of the type, so that neither order nor merges matter
/// (Kulisch's long accumulator; R. M. Neal 2015, "Fast exact summation using small and large superaccumulators").
/// </summary>
public sealed class ExactSum
{
    // Bit 0 is the last of the smallest denormal, 2^-1074; 64 bits are left above the largest double for carries.
    private const int DigitBits = 32;
    private const int LowestExponent = -1074;
    private const int Digits = (1024 - LowestExponent + 64 + DigitBits - 1) / DigitBits;
    private const int AddsBetweenCarries = 1 << 29;

    /// <summary>Memory that one takes, in bytes.</summary>
    internal const int Bytes = (Digits * sizeof(long)) + 64;

    // Each below 2^32 in magnitude after a carry; the sign of the whole is that of the highest that is not zero.
    private readonly long[] digits = new long[Digits];
    private int adds;

    /// <summary>Adds a value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not finite.</exception>
    public void Add(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "Only finite values have a sum.");
        }

        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF);
        ulong mantissa = (ulong)bits & 0xF_FFFF_FFFF_FFFF;
        mantissa |= exponent > 0 ? 1UL << 52 : 0;
        int place = Math.Max(exponent, 1) - 1;
        var shifted = (UInt128)mantissa << (place % DigitBits);
        int sign = value < 0 ? -1 : 1;
        for (int i = place / DigitBits; shifted != 0; i++, shifted >>= DigitBits)
        {
            digits[i] += sign * (long)(uint)shifted;
        }

        if (++adds == AddsBetweenCarries)
        {
            Carry();
        }
    }

    /// <summary>Adds another sum.</summary>
    public void Add(ExactSum other)
    {
        ArgumentNullException.ThrowIfNull(other);
        other.Carry();
        Carry();
        for (int i = 0; i < Digits; i++)
        {
            digits[i] += other.digits[i];
        }
    }

    /// <summary>The sum as a double, within two units of the last place.</summary>
    public double ToDouble()
    {
        Carry();
        double sum = 0;
        for (int i = Digits - 1; i >= 0; i--)
        {
            sum += Math.ScaleB(digits[i], (i * DigitBits) + LowestExponent);
        }

        return sum;
    }

    /// <summary>Writes the digits that are not zero.</summary>
    internal void Write(StatisticWriter writer)
    {
        Carry();
        int first = Array.FindIndex(digits, d => d != 0);
        int count = first < 0 ? 0 : Array.FindLastIndex(digits, d => d != 0) + 1 - first;
        writer.WriteCount(Math.Max(first, 0));
        writer.WriteCount(count);
        foreach (long digit in digits.AsSpan(Math.Max(first, 0), count))
        {
            writer.WriteInt64(digit);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    internal void Read(StatisticReader reader)
    {
        int first = (int)reader.ReadCount(Digits - 1);
        int count = (int)reader.ReadCount(Digits - first);
        for (int i = first; i < first + count; i++)
        {
            digits[i] = reader.ReadInt64();
            if (Math.Abs((double)digits[i]) >= 1L << DigitBits)
            {
                throw reader.Malformed("a sum whose digits are too large");
            }
        }

        Carry();
    }

    // To one form for one sum: first every digit from 0 to 2^32 − 1 but the highest, then, where the sum is negative, the digits of its magnitude, negated.
    private void Carry()
    {
        adds = 0;
        Normalize();
        if (digits[^1] < 0)
        {
            Negate();
            Normalize();
            Negate();
        }
    }

    private void Normalize()
    {
        for (int i = 0; i < Digits - 1; i++)
        {
            long carry = digits[i] >> DigitBits;
            digits[i] -= carry << DigitBits;
            digits[i + 1] += carry;
        }
    }

    private void Negate()
    {
        for (int i = 0; i < Digits; i++)
        {
            digits[i] = -digits[i];
        }
    }
}
