using System.Numerics.Tensors;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Planning;

namespace Octet.Refinement;

/// <summary>Weights rounded to the nearest integer, scaled by the largest: what needs no data.</summary>
public static class NearestWeights
{
    /// <summary>Rounds the weights of a layer.</summary>
    /// <param name="node">A layer with constant weights.</param>
    /// <param name="layer">Its plan.</param>
    /// <param name="input">Parameters of its input: the bias must fit 32 bits of its scale.</param>
    public static QuantizedWeights Round(Node node, LayerPlan layer, QuantParams input)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(input);
        var matrix = WeightLayout.Of(node, layer);
        float[] weights = matrix.Weights;
        var type = layer.WeightType!.Value;
        int length = weights.Length / matrix.Channels;
        var scales = new float[layer.PerChannelWeights ? matrix.Channels : 1];
        for (int s = 0; s < scales.Length; s++)
        {
            var part = layer.PerChannelWeights ? weights.AsSpan(s * length, length) : weights;
            float largest = part.Length == 0 ? 0 : TensorPrimitives.MaxMagnitude<float>(part);
            scales[s] = WeightLayout.ScaleFor(Math.Abs(largest), type);
        }

        WeightLayout.RaiseForBias(scales, matrix.Bias, input.Scale);
        scales = layer.PowerOfTwoScales ? Array.ConvertAll(scales, PowerOfTwo.AtLeast) : scales;
        var integers = new int[weights.Length];
        for (int i = 0; i < integers.Length; i++)
        {
            float scaled = MathF.Round(weights[i] / scales[scales.Length == 1 ? 0 : i / length]);
            integers[i] = (int)Math.Clamp(scaled, -type.Max, type.Max);
        }

        return matrix.ToConstants(integers, scales);
    }
}
