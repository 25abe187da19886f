using System.Collections.Immutable;

namespace Octet.Numerics.Rescaling;

/// <summary>Means where all scales are powers of two: a short multiplier, whose product fits 32 bits, and one shift. A processor without multipliers forms the product of shifts and sums.</summary>
/// <param name="Multipliers">1 to 2²³, one or one a channel.</param>
/// <param name="Shifts">As many right shifts, 0 to 31.</param>
/// <param name="Rounding">How.</param>
public sealed record ProductShiftRescale(ImmutableArray<int> Multipliers, ImmutableArray<int> Shifts, ShiftRounding Rounding) : Rescale
{
    /// <summary>2^this divided by the number of values is the multiplier: sums of that many values of −128 to 127 then stay within 2³⁰.</summary>
    public const int Bits = 23;

    /// <summary>Whether the sums are of 16-bit values, so that products take 64 bits. Default false.</summary>
    public bool IsWide { get; init; }

    /// <inheritdoc/>
    public override int Count => Multipliers.Length;

    /// <inheritdoc/>
    public override double Factor(int channel) => Math.ScaleB(Multipliers[channel], -Shifts[channel]);

    /// <inheritdoc/>
    public override int ApplyOne(long sum, int channel) => Saturate(RoundingShift.Right(IsWide ? sum * Multipliers[channel] : (int)sum * Multipliers[channel], Shifts[channel], Rounding));
}
