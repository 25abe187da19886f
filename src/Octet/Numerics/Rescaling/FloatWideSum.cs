namespace Octet.Numerics.Rescaling;

/// <summary>Sums of 16-bit values, for which ONNX Runtime has no integer kernel: dequantized, added and quantized with 32-bit floats, as it does.</summary>
/// <param name="A">Of the first.</param>
/// <param name="B">Of the second.</param>
/// <param name="SignB">1 to add, −1 to subtract.</param>
/// <param name="Y">Of the output.</param>
public sealed record FloatWideSum(QuantParams A, QuantParams B, int SignB, QuantParams Y) : SumRescale
{
    /// <inheritdoc/>
    public override int Apply(int a, int b)
    {
        float first = A.Dequantize(a);
        float second = B.Dequantize(b);
        return Y.Quantize(SignB > 0 ? first + second : first - second);
    }
}
