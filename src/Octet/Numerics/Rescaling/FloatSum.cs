namespace Octet.Numerics.Rescaling;

/// <summary>
/// Sums as ONNX Runtime's QLinearAdd forms them on processors with fused multiply-add (measured, 0 differences):
/// rint(fma(a, factor a, fma(b, factor b, zero y − (factor a · zero a + factor b · zero b)))), halves to even.
/// </summary>
/// <param name="FactorA">scale a / output scale.</param>
/// <param name="FactorB">scale b / output scale.</param>
/// <param name="Offset">All that does not depend on the values.</param>
public sealed record FloatSum(float FactorA, float FactorB, float Offset) : SumRescale
{
    /// <summary>Makes one of scales and zero points.</summary>
    public static FloatSum Of(QuantParams a, QuantParams b, QuantParams y)
    {
        float factorA = a.Scale / y.Scale;
        float factorB = b.Scale / y.Scale;
        return new FloatSum(factorA, factorB, y.ZeroPoint - ((factorA * a.ZeroPoint) + (factorB * b.ZeroPoint)));
    }

    /// <inheritdoc/>
    public override int Apply(int a, int b)
        => (int)Math.Clamp((long)MathF.Round(MathF.FusedMultiplyAdd(a, FactorA, MathF.FusedMultiplyAdd(b, FactorB, Offset)), MidpointRounding.ToEven), int.MinValue, int.MaxValue);
}
