using Octet.Graphs;
using Octet.Numerics;
using Octet.Operators;
using Octet.Planning;
using Octet.Rewrites;

namespace Octet.Refinement;

/// <summary>
/// The constants in front of a value that divide its channels (its last axis) when they are divided: scale and bias of a layer normalization, weights of layers, constants of
/// float products and sums, with nothing in between that would tell but rectifiers.
/// </summary>
internal sealed class ChannelDivision
{
    private readonly Plan plan;
    private readonly ObservedTypes types;
    private readonly int channels;
    private readonly List<(Node Node, int Input, int Axis)> constants = [];

    private ChannelDivision(Plan plan, ObservedTypes types, int channels)
    {
        this.plan = plan;
        this.types = types;
        this.channels = channels;
    }

    /// <summary>The constants of a value; null where there are none that divide it exactly and nothing else.</summary>
    /// <param name="value">Of the graph; who reads it is not looked at.</param>
    /// <param name="channels">The length of its last axis.</param>
    /// <param name="plan">Quantized constants are no such constants, and weights only where each output channel has its scale.</param>
    /// <param name="types">Shapes of one sample.</param>
    public static ChannelDivision? Of(Value value, int channels, Plan plan, ObservedTypes types)
    {
        var division = new ChannelDivision(plan, types, channels);
        return division.Find(value) ? division : null;
    }

    /// <summary>Divides the constants.</summary>
    /// <param name="factors">One a channel, other than 0.</param>
    public void Apply(ReadOnlySpan<float> factors)
    {
        foreach (var (node, input, axis) in constants)
        {
            var tensor = node.Inputs[input]!.Constant!;
            var shape = tensor.Count == 1 ? new Shape(channels) : tensor.Shape;
            float[] values = tensor.ToFloats();
            values = values.Length == 1 ? [.. Enumerable.Repeat(values[0], channels)] : values;
            int inner = (int)shape.CountAfter(axis);
            for (int i = 0; i < values.Length; i++)
            {
                values[i] /= factors[i / inner % channels];
            }

            Merging.SetFloats(node, input, values, shape, node.Inputs[input]!.Name);
        }
    }

    private bool Find(Value value)
    {
        if (value.Producer is not { } node || node.Graph != value.Graph || node.Domain.Length > 0 || LastOf(value) != channels
            || plan.Layers.FirstOrDefault(l => l.Key == node.Output.Name) is not { } layer || value != node.Output)
        {
            return false;
        }

        if (layer.Role is OperatorRole.Weighted)
        {
            return FindWeights(node, layer);
        }

        if (layer.Decision == LayerDecision.Quantized)
        {
            return false;
        }

        return node.OpType switch
        {
            "LayerNormalization" => IsOfLastAxis(node, types.ShapeOf(value)!.Value.Rank) && Take(node, 1, -1) && (node.Input(2) is null || Take(node, 2, -1)),
            "Mul" => ConstantOf(node) is { } factor && Take(node, factor, -1),
            "Add" => ConstantOf(node) is { } summand ? Take(node, summand, -1) && FindAlone(node.Inputs[1 - summand]!)
                : node.Inputs[0] != node.Inputs[1] && FindAlone(node.Inputs[0]!) && FindAlone(node.Inputs[1]!),
            "Relu" or "LeakyRelu" or "Reshape" or "Identity" => FindAlone(node.Inputs[0]!),
            _ => false,
        };
    }

    private bool FindWeights(Node node, LayerPlan layer)
    {
        bool keepsScales = layer.Decision == LayerDecision.Float || layer.PerChannelWeights;
        return keepsScales && ((node.Is("MatMul") && Take(node, 1, 1))
            || (node.Is("Gemm") && Take(node, 1, node.GetInt("transB", 0) != 0 ? 0 : 1) && (node.Input(2) is null || Take(node, 2, -1))));
    }

    private static bool IsOfLastAxis(Node node, int rank) => node.GetInt("axis", -1) is var axis && (axis == -1 || axis == rank - 1);

    // A value that others read, too, would be divided for them, too.
    private bool FindAlone(Value value) => value.HasOneReader() && Find(value);

    private static int? ConstantOf(Node node)
        => node.Inputs is [{ } first, { } second] && first.IsFloatConstant() != second.IsFloatConstant() ? (first.IsFloatConstant() ? 0 : 1) : null;

    private bool Take(Node node, int input, int axis)
    {
        if (node.Input(input) is not { } value || !value.IsFloatConstant())
        {
            return false;
        }

        var shape = value.Constant!.Shape;
        bool fits = shape.Count == 1 ? axis == -1 : shape[axis] == channels && (axis >= 0 || shape.Count == channels);
        constants.Add((node, input, axis));
        return fits;
    }

    private long? LastOf(Value value) => types.ShapeOf(value) is { Rank: > 0 } shape ? shape[-1] : null;
}
