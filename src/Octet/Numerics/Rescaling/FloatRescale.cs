using System.Collections.Immutable;

namespace Octet.Numerics.Rescaling;

/// <summary>Factors that are 32-bit floats: rint(float(sum) · factor), halves to even, as ONNX Runtime's kernels (MLAS) compute it; measured, 0 differences over millions of values.</summary>
/// <param name="Factors">Finite, ≥ 0; one or one a channel.</param>
public sealed record FloatRescale(ImmutableArray<float> Factors) : Rescale
{
    /// <inheritdoc/>
    public override int Count => Factors.Length;

    /// <inheritdoc/>
    public override double Factor(int channel) => Factors[channel];

    /// <inheritdoc/>
    public override int ApplyOne(long sum, int channel) => Saturate((long)Math.Clamp(MathF.Round(sum * Factors[channel], MidpointRounding.ToEven), -4e18f, 4e18f));
}
