namespace Octet.Numerics.Rescaling;

/// <summary>
/// Sums as ONNX Runtime's QLinearAdd forms them on processors with fused multiply-add (measured, 0 differences over millions of values):
/// rint(fma(a, factor a, fma(b, factor b, zero y − fma(factor a, zero a, factor b · zero b)))), halves to even, in terms of the stored values and zero points.
/// </summary>
/// <param name="FactorA">scale a / output scale.</param>
/// <param name="FactorB">scale b / output scale.</param>
/// <param name="Offset">All that does not depend on the values.</param>
/// <param name="Less">What our values are less than the stored ones: 128 for unsigned bytes, else 0.</param>
public sealed record FloatSum(float FactorA, float FactorB, float Offset, int Less) : SumRescale
{
    /// <summary>Makes one of scales and zero points.</summary>
    public static FloatSum Of(QuantParams a, QuantParams b, QuantParams y, int less)
    {
        float factorA = a.Scale / y.Scale;
        float factorB = b.Scale / y.Scale;
        float zeros = MathF.FusedMultiplyAdd(factorA, a.ZeroPoint + less, factorB * (b.ZeroPoint + less));
        return new FloatSum(factorA, factorB, y.ZeroPoint + less - zeros, less);
    }

    /// <inheritdoc/>
    public override int Apply(int a, int b)
    {
        float sum = MathF.FusedMultiplyAdd(a + Less, FactorA, MathF.FusedMultiplyAdd(b + Less, FactorB, Offset));
        return (int)Math.Clamp((long)MathF.Round(sum, MidpointRounding.ToEven) - Less, int.MinValue, int.MaxValue);
    }
}
