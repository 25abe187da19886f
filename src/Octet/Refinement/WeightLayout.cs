using Octet.Calibration.Patches;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Operators;
using Octet.Planning;

namespace Octet.Refinement;

/// <summary>The weights of a layer as a matrix of one row an output channel, and the way back to the layer's own layout.</summary>
public sealed class WeightLayout
{
    private readonly WeightOrder? matrix;
    private readonly Shape shape;
    private readonly LayerPlan layer;
    private readonly int axis;

    private WeightLayout(WeightOrder? matrix, Tensor weights, LayerPlan layer, int axis, float[]? bias)
    {
        this.matrix = matrix;
        this.layer = layer;
        this.axis = axis;
        shape = weights.Shape;
        Channels = (int)shape[axis];
        Bias = bias;
        Weights = matrix is null ? weights.ToFloats() : matrix.FromLayout<float>(weights.ToFloats());
    }

    /// <summary>Output channels.</summary>
    public int Channels { get; }

    /// <summary>The weights, one row an output channel; in the layer's own layout where that has no such form (ConvTranspose).</summary>
    public float[] Weights { get; }

    /// <summary>The float bias, one value an output channel; null for none.</summary>
    public float[]? Bias { get; }

    /// <summary>The layout of a layer.</summary>
    /// <param name="node">A layer with constant weights.</param>
    /// <param name="layer">Its plan.</param>
    public static WeightLayout Of(Node node, LayerPlan layer)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(layer);
        var role = (OperatorRole.Weighted)layer.Role;
        float[]? bias = role.BiasInput is { } index ? node.Input(index)?.Constant?.ToFloats() : null;
        var weights = node.Inputs[role.WeightInput]!.Constant!;
        return new WeightLayout(WeightOrder.Of(node), weights, layer, role.ChannelAxis, bias);
    }

    /// <summary>The scale that maps a largest magnitude to the type's largest value; 1 where all weights are zero or too small for a scale.</summary>
    public static float ScaleFor(float largest, QuantType type)
    {
        float scale = largest / type.Max;
        return float.IsNormal(scale) ? scale : 1;
    }

    /// <summary>Raises scales so that every bias, as an integer of input scale × weight scale, stays within 30 bits and the sum with the products within 31.</summary>
    public static void RaiseForBias(float[] scales, float[]? bias, float inputScale)
    {
        for (int c = 0; bias is not null && c < bias.Length; c++)
        {
            int s = scales.Length == 1 ? 0 : c;
            float least = MathF.Abs(bias[c]) / (inputScale * (1 << 30));
            if (scales[s] < least)
            {
                scales[s] = least;
            }
        }
    }

    /// <summary>Makes the layer's constants.</summary>
    /// <param name="integers">In the order of <see cref="Weights"/>.</param>
    /// <param name="scales">One, or one an output channel.</param>
    public QuantizedWeights ToConstants(int[] integers, float[] scales)
    {
        ArgumentNullException.ThrowIfNull(scales);
        var values = IntegerTensor.Pack(matrix is null ? integers : matrix.ToLayout<int>(integers), layer.WeightType!.Value, shape);
        var parameters = new QuantParams(
            layer.WeightType!.Value, [.. scales], [.. scales.Select(_ => 0)], layer.PerChannelWeights ? axis : null);
        return new QuantizedWeights(values, parameters, Bias is null ? null : [.. Bias]);
    }
}
