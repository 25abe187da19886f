namespace Octet.Numerics.Rescaling;

/// <summary>Sums of values whose scales are powers of two and whose zero points are 0: both are shifted to the finer scale, the sum to the output's.</summary>
/// <param name="LeftA">Left shift of the first, 0 to 22.</param>
/// <param name="LeftB">Left shift of the second, 0 to 22.</param>
/// <param name="SignB">1 to add, −1 to subtract.</param>
/// <param name="Result">From the finer scale to the output's; one shift.</param>
public sealed record ShiftSum(int LeftA, int LeftB, int SignB, ShiftRescale Result) : SumRescale
{
    /// <summary>The most that values can be shifted with their sum in 32 bits: 22 for values of 8 bits, 14 for those of 16.</summary>
    public static int Most(int bits) => 30 - bits;

    /// <inheritdoc/>
    public override int Apply(int a, int b) => Result.Apply((a << LeftA) + (SignB * (b << LeftB)), 0);
}
