using Octet.Calibration.Thresholds;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Operators;
using Octet.Planning;

namespace Octet.Refinement;

/// <summary>Weights rounded to the nearest integer with the scales that a threshold method chooses for them, as tools do that have one observer for all tensors.</summary>
public static class ThresholdWeights
{
    /// <summary>Rounds the weights of a layer.</summary>
    /// <param name="node">A layer with constant weights.</param>
    /// <param name="layer">Its plan: type of the weights, one scale or one an output channel.</param>
    /// <param name="method">The threshold method.</param>
    /// <param name="scheme">The scheme of the weights.</param>
    /// <param name="rounding">How a weight half-way between two steps is rounded.</param>
    /// <returns>Integers, scales, and the float bias.</returns>
    /// <exception cref="OctetException"><see cref="ErrorCodes.TensorNotFinite"/>: a weight is NaN or infinite.</exception>
    public static QuantizedWeights Round(Node node, LayerPlan layer, IThresholdMethod method, QuantScheme scheme, MidpointRounding rounding = MidpointRounding.ToEven)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(layer);
        var role = (OperatorRole.Weighted)layer.Role;
        var weights = node.Inputs[role.WeightInput]!.Constant!;
        var type = layer.WeightType!.Value;
        int axis = role.ChannelAxis;
        QuantParams[] solved = layer.PerChannelWeights
            ? [.. ThresholdSolver.SolveAlong(method, [weights], axis, type, scheme).Select(r => r.Params!)]
            : [ThresholdSolver.Solve(method, [weights], type, scheme).Params!];
        var parameters = new QuantParams(type, [.. solved.Select(p => p.Scale)], [.. solved.Select(p => p.ZeroPoint)], layer.PerChannelWeights ? axis : null);
        long inner = weights.Shape.CountAfter(axis);
        float[] values = weights.ToFloats();
        var integers = new int[values.Length];
        for (int i = 0; i < integers.Length; i++)
        {
            int channel = layer.PerChannelWeights ? (int)(i / inner % weights.Shape[axis]) : 0;
            float rounded = MathF.Round(values[i] / parameters.Scales[channel], rounding) + parameters.ZeroPoints[channel];
            integers[i] = (int)Math.Clamp(rounded, type.Min, type.Max);
        }

        float[]? bias = role.BiasInput is { } index ? node.Input(index)?.Constant?.ToFloats() : null;
        return new QuantizedWeights(IntegerTensor.Pack(integers, type, weights.Shape), parameters, bias is null ? null : [.. bias]);
    }

    /// <summary>The same constants with the bias rounded to steps of input scale × weight scale, half-way cases to the even one.</summary>
    /// <param name="weights">Constants of a layer.</param>
    /// <param name="inputScale">Scale of the layer's input.</param>
    /// <param name="limit">Largest magnitude of a bias, in steps.</param>
    public static QuantizedWeights WithRoundedBias(QuantizedWeights weights, float inputScale, float limit)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var scales = weights.Params.Scales;
        return weights.Bias is not { } bias ? weights : weights with
        {
            Bias = [.. bias.Select((b, c) =>
            {
                float step = inputScale * scales[scales.Length == 1 ? 0 : c];
                return Math.Clamp(MathF.Round(b / step), -limit, limit) * step;
            })],
        };
    }
}
