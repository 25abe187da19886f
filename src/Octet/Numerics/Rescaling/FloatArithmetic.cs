using System.Collections.Immutable;

namespace Octet.Numerics.Rescaling;

/// <summary>Factors as 32-bit floats, halves to even: what ONNX Runtime computes.</summary>
public sealed record FloatArithmetic : IntegerArithmetic
{
    /// <summary>Whether activations are stored as unsigned bytes, which tells in the last bit of sums.</summary>
    public bool IsUnsigned { get; init; }

    /// <inheritdoc/>
    public override string Name => "float-scale";

    /// <inheritdoc/>
    public override Rescale? Rescale(float input, ImmutableArray<float> weights, float output) => new FloatRescale([.. weights.Select(w => input * w / output)]);

    /// <inheritdoc/>
    public override Rescale? Mean(float input, ReadOnlySpan<int> counts, float output, bool isWide = false) => new FloatRescale([.. counts.ToArray().Select(c => input / (output * c))]);

    /// <inheritdoc/>
    public override SumRescale? Sum(QuantParams a, QuantParams b, int signB, QuantParams y)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(y);
        return a.Type.Bits > 8 || b.Type.Bits > 8 || y.Type.Bits > 8 ? new FloatWideSum(a, b, signB, y) : signB == 1 ? FloatSum.Of(a, b, y, IsUnsigned ? 128 : 0) : null;
    }

    /// <inheritdoc/>
    public override SoftmaxRescale? Softmax(float input, int length, QuantParams y, int min, int max, int bits = 8) => FloatSoftmax.Of(input, length, y, min, max, bits);
}
