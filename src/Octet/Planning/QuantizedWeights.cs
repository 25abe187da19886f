using System.Collections.Immutable;
using Octet.Numerics;

namespace Octet.Planning;

/// <summary>The constants of one quantized layer.</summary>
/// <param name="Values">Integer weights in the layout of the float ones.</param>
/// <param name="Params">Their scales; zero points 0.</param>
/// <param name="Bias">The float bias, corrected or not, one value an output channel; it is rounded to input scale × weight scale. Null for none.</param>
public sealed record QuantizedWeights(Tensor Values, QuantParams Params, ImmutableArray<float>? Bias)
{
    /// <summary>The weights that the integers stand for, as floats.</summary>
    public Tensor Dequantize()
    {
        var result = new float[Values.Count];
        int axis = Params.Axis ?? 0;
        long inner = 1;
        for (int i = axis + 1; i < Values.Shape.Rank; i++)
        {
            inner *= Values.Shape[i];
        }

        float[] integers = Values.ToFloats();
        for (long i = 0; i < result.Length; i++)
        {
            int channel = Params.Axis is null ? 0 : (int)(i / inner % Values.Shape[axis]);
            result[i] = (integers[i] - Params.ZeroPoints[channel]) * Params.Scales[channel];
        }

        return Tensor.FromArray(result, Values.Shape);
    }
}
