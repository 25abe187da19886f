namespace Octet.Numerics.Rescaling;

/// <summary>Sums of values whose zero points are 0, each multiplied and shifted to the output's scale by itself.</summary>
/// <param name="A">Of the first; one factor.</param>
/// <param name="B">Of the second; one factor, negative to subtract.</param>
public sealed record ProductShiftSum(ProductShiftRescale A, ProductShiftRescale B) : SumRescale
{
    /// <inheritdoc/>
    public override int Apply(int a, int b) => A.Apply(a, 0) + B.Apply(b, 0);
}
