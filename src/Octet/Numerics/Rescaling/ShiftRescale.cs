using System.Collections.Immutable;

namespace Octet.Numerics.Rescaling;

/// <summary>Factors that are powers of two: one shift. PPQ's FPGA_INT8 rounds halves to even, its NXP_INT8 up, plain hardware drops the bits.</summary>
/// <param name="Shifts">Right shifts, −31 to 31, one or one a channel; a negative one shifts left.</param>
/// <param name="Rounding">How.</param>
public sealed record ShiftRescale(ImmutableArray<int> Shifts, ShiftRounding Rounding) : Rescale
{
    /// <summary>The most that a sum is shifted either way.</summary>
    public const int Most = 31;

    /// <inheritdoc/>
    public override int Count => Shifts.Length;

    /// <inheritdoc/>
    public override double Factor(int channel) => Math.ScaleB(1, -Shifts[channel]);

    /// <inheritdoc/>
    public override int ApplyOne(long sum, int channel) => Saturate(RoundingShift.Right(Shifts[channel] < 0 ? Saturate(sum) : sum, Shifts[channel], Rounding));
}
