namespace Octet.Numerics.Rescaling;

/// <summary>Sums as TFLite's integer kernels form them: both values shifted left, brought to twice the larger scale, the sum to the output's.</summary>
/// <param name="ZeroA">Zero point of the first.</param>
/// <param name="ZeroB">Zero point of the second.</param>
/// <param name="ZeroY">Zero point of the output.</param>
/// <param name="A">scale a / (2 · larger scale); one factor.</param>
/// <param name="B">scale b / (2 · larger scale); one factor.</param>
/// <param name="SignB">1 to add, −1 to subtract.</param>
/// <param name="Result">2 · larger scale / (2^left shift · output scale); one factor.</param>
public sealed record MultiplierSum(int ZeroA, int ZeroB, int ZeroY, MultiplierRescale A, MultiplierRescale B, int SignB, MultiplierRescale Result) : SumRescale
{
    /// <summary>The left shift of both values: 20 for 8 bits, as TFLite has it; for 16 bits 14, so that values less their zero points, which take 17, fit.</summary>
    public int Left { get; init; } = LeftOf(8);

    /// <summary>The left shift of values of so many bits at most.</summary>
    public static int LeftOf(int bits) => bits <= 8 ? 20 : 14;

    /// <inheritdoc/>
    public override int Apply(int a, int b)
    {
        int scaledA = A.Apply((a - ZeroA) * (1 << Left), 0);
        int scaledB = B.Apply((b - ZeroB) * (1 << Left), 0);
        return Result.Apply(scaledA + (SignB * scaledB), 0) + ZeroY;
    }
}
