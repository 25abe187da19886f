using System.Collections.Immutable;

namespace Octet.Numerics.Rescaling;

/// <summary>
/// Any factors, as multipliers of 31 bits and shifts: factor = multiplier · 2^(shift − 31) (Jacob et al. 2018, section 2.2).
/// </summary>
/// <param name="Multipliers">Each from 2³⁰ to 2³¹ − 1, or 0; one or one a channel.</param>
/// <param name="Shifts">As many, −31 to 30; positive ones are left shifts.</param>
/// <param name="Rounding">How.</param>
public sealed record MultiplierRescale(ImmutableArray<int> Multipliers, ImmutableArray<int> Shifts, MultiplierRounding Rounding) : Rescale
{
    /// <inheritdoc/>
    public override int Count => Multipliers.Length;

    /// <summary>Makes multipliers and shifts of real factors, as TFLite's QuantizeMultiplier does.</summary>
    /// <param name="factors">Finite, ≥ 0 and &lt; 2³⁰.</param>
    /// <param name="rounding">How the products will be rounded.</param>
    public static MultiplierRescale Of(ReadOnlySpan<double> factors, MultiplierRounding rounding)
    {
        var multipliers = ImmutableArray.CreateBuilder<int>(factors.Length);
        var shifts = ImmutableArray.CreateBuilder<int>(factors.Length);
        foreach (double factor in factors)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(factor, nameof(factors));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(factor, 1 << 30, nameof(factors));
            int shift = factor == 0 ? 0 : Math.ILogB(factor) + 1;
            long multiplier = (long)Math.Round(Math.ScaleB(factor, 31 - shift), MidpointRounding.AwayFromZero);
            if (multiplier == 1L << 31)
            {
                multiplier /= 2;
                shift++;
            }

            // Below 2⁻³² nothing is left of any sum.
            multipliers.Add(shift < -31 ? 0 : (int)multiplier);
            shifts.Add(shift < -31 ? 0 : shift);
        }

        return new MultiplierRescale(multipliers.MoveToImmutable(), shifts.MoveToImmutable(), rounding);
    }

    /// <summary>True where products are rounded once: the high half of another is one of 64 bits.</summary>
    public override bool TakesLongSums => Rounding == MultiplierRounding.Single;

    /// <inheritdoc/>
    public override double Factor(int channel) => Math.ScaleB(Multipliers[channel], Shifts[channel] - 31);

    /// <inheritdoc/>
    public override int ApplyOne(long sum, int channel)
    {
        long multiplier = Multipliers[channel];
        int shift = Shifts[channel];
        if (Rounding == MultiplierRounding.Single)
        {
            int right = 31 - shift;
            var product = ((Int128)sum * multiplier) + ((Int128)1 << (right - 1));
            return (int)Int128.Clamp(product >> right, int.MinValue, int.MaxValue);
        }

        long left = Saturate(sum << Math.Max(shift, 0));
        long high = RoundingShift.Right(left * multiplier, 31, ShiftRounding.HalfUp);
        return (int)RoundingShift.Right(high, Math.Max(-shift, 0), Rounding == MultiplierRounding.Double ? ShiftRounding.HalfAway : ShiftRounding.HalfUp);
    }
}
