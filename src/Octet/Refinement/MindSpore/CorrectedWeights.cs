using System.Collections.Immutable;
using Octet.Numerics;

namespace Octet.Refinement.MindSpore;

/// <summary>
/// Weights as MindSpore Lite's weight quantization leaves them: integers, their parameters, and two corrections a channel that give back spread and mean of the float
/// weights when they are made floats again.
/// </summary>
/// <param name="Values">The integers, in the layout of the float weights.</param>
/// <param name="Params">One scale and zero point, or one pair a channel.</param>
/// <param name="VarianceCorrections">As many: what the dequantized weights are multiplied by, 1 for none; MindSpore's <c>varCorr</c>.</param>
/// <param name="MeanCorrections">As many: what is added then, 0 for none; MindSpore's <c>meanCorr</c>.</param>
public sealed record CorrectedWeights(Tensor Values, QuantParams Params, ImmutableArray<float> VarianceCorrections, ImmutableArray<float> MeanCorrections)
{
    /// <summary>
    /// The floats that the network computes with: (integer − zero point) · scale · variance correction + mean correction, in doubles. The corrections count
    /// only where there are several channels, as in MindSpore Lite's decoder.
    /// </summary>
    public Tensor Dequantize()
    {
        bool corrected = Params.Axis is not null && Params.Scales.Length > 1;
        var (inner, channels) = Params.Runs(Values.Shape);
        float[] integers = Values.ToFloats();
        var result = new float[integers.Length];
        for (int i = 0; i < result.Length; i++)
        {
            int c = i / inner % channels;
            double value = ((double)integers[i] - Params.ZeroPoints[c]) * Params.Scales[c];
            result[i] = (float)(corrected ? (value * VarianceCorrections[c]) + MeanCorrections[c] : value);
        }

        return Tensor.FromArray(result, Values.Shape);
    }
}
