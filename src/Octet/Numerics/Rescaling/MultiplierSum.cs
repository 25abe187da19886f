namespace Octet.Numerics.Rescaling;

/// <summary>Sums as TFLite's integer kernels form them: both values shifted left by 20, brought to twice the larger scale, the sum to the output's.</summary>
/// <param name="ZeroA">Zero point of the first.</param>
/// <param name="ZeroB">Zero point of the second.</param>
/// <param name="ZeroY">Zero point of the output.</param>
/// <param name="A">scale a / (2 · larger scale); one factor.</param>
/// <param name="B">scale b / (2 · larger scale); one factor.</param>
/// <param name="SignB">1 to add, −1 to subtract.</param>
/// <param name="Result">2 · larger scale / (2²⁰ · output scale); one factor.</param>
public sealed record MultiplierSum(int ZeroA, int ZeroB, int ZeroY, MultiplierRescale A, MultiplierRescale B, int SignB, MultiplierRescale Result) : SumRescale
{
    /// <summary>The left shift of both values.</summary>
    public const int Left = 20;

    /// <inheritdoc/>
    public override int Apply(int a, int b)
    {
        int scaledA = A.Apply((a - ZeroA) * (1 << Left), 0);
        int scaledB = B.Apply((b - ZeroB) * (1 << Left), 0);
        return Result.Apply(scaledA + (SignB * scaledB), 0) + ZeroY;
    }
}
