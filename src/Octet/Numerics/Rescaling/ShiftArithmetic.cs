using System.Collections.Immutable;

namespace Octet.Numerics.Rescaling;

/// <summary>Scales that are powers of two, zero points that are 0: shifts alone.</summary>
/// <param name="Rounding">What the shifts do with the bits that fall off.</param>
public sealed record ShiftArithmetic(ShiftRounding Rounding) : IntegerArithmetic
{
    /// <summary>
    /// Bits of a bias: 32 (default), in units of the sums; or 16, with as many fraction bits of its own as fit, shifted into units of the sums when it is added (the form of the article
    /// on LeNet for FPGAs: α and β there).
    /// </summary>
    public int BiasBits { get; init; } = 32;

    /// <inheritdoc/>
    public override string Name => "shift";

    /// <inheritdoc/>
    public override Rescale? Rescale(float input, ImmutableArray<float> weights, float output)
    {
        int?[] shifts = [.. weights.Select(w => -(Exponent(input) + Exponent(w) - Exponent(output)))];
        return shifts.All(s => s is >= -ShiftRescale.Most and <= ShiftRescale.Most) ? new ShiftRescale([.. shifts.Select(s => s!.Value)], Rounding) : null;
    }

    /// <inheritdoc/>
    public override Rescale? Mean(float input, ReadOnlySpan<int> counts, float output, bool isWide = false)
    {
        if (Exponent(output) - Exponent(input) is not (>= -ProductShiftRescale.Bits and <= ShiftRescale.Most - ProductShiftRescale.Bits and { } shift))
        {
            return null;
        }

        if (counts is [var one] && int.IsPow2(one))
        {
            return shift + int.Log2(one) is >= -ShiftRescale.Most and <= ShiftRescale.Most and var whole ? new ShiftRescale([whole], Rounding) : null;
        }

        int[] all = counts.ToArray();
        return new ProductShiftRescale(
            [.. all.Select(c => (int)Math.Round((double)(1 << ProductShiftRescale.Bits) / c))], [.. all.Select(_ => ProductShiftRescale.Bits + shift)], Rounding)
        { IsWide = isWide };
    }

    /// <inheritdoc/>
    public override SumRescale? Sum(QuantParams a, QuantParams b, int signB, QuantParams y)
    {
        int? finer = Exponent(a.Scale) is { } ea && Exponent(b.Scale) is { } eb ? Math.Min(ea, eb) : null;
        return (Exponent(a.Scale) - finer, Exponent(b.Scale) - finer, Exponent(y.Scale) - finer) is ({ } left, { } right, >= -ShiftRescale.Most and <= ShiftRescale.Most and { } result)
            && Math.Max(left, right) <= ShiftSum.Most(Math.Max(a.Type.Bits, b.Type.Bits))
            && a.ZeroPoint == 0 && b.ZeroPoint == 0 && y.ZeroPoint == 0
            ? new ShiftSum(left, right, signB, new ShiftRescale([result], Rounding))
            : null;
    }

    // The logarithm of a power of two; null for other numbers.
    private static int? Exponent(float scale) => PowerOfTwo.AtLeast(scale) == scale ? Math.ILogB(scale) : null;
}
