using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Rewrites;

/// <summary>Reads nodes that add, subtract, multiply or divide by a constant for every channel.</summary>
internal static class ChannelSteps
{
    /// <summary>What an addition, subtraction, multiplication or division joins with which constant; null where a node is none.</summary>
    public static (Value Data, Tensor Constant, bool DataFirst)? OperandsOf(Node node)
    {
        if (!(node.Is("Add") || node.Is("Sub") || node.Is("Mul") || node.Is("Div")) || node.Inputs is not [{ } first, { } second])
        {
            return null;
        }

        return second.IsFloatConstant() && !first.IsConstant ? (first, second.Constant!, true)
            : first.IsFloatConstant() && !second.IsConstant && !node.Is("Div") ? (second, first.Constant!, false)
            : null;
    }

    /// <summary>What such a node does with the constant's value for every channel.</summary>
    public static ChannelAffine AffineOf(Node node, double[] values, bool dataFirst) => node.OpType switch
    {
        "Mul" => new ChannelAffine(values, new double[values.Length]),
        "Div" => new ChannelAffine([.. values.Select(v => 1 / v)], new double[values.Length]),
        "Add" => new ChannelAffine(Ones(values.Length), values),
        _ when dataFirst => new ChannelAffine(Ones(values.Length), [.. values.Select(v => -v)]),
        _ => new ChannelAffine([.. Ones(values.Length).Select(v => -v)], values),
    };

    private static double[] Ones(int count) => [.. Enumerable.Repeat(1.0, count)];

    /// <summary>The constant's value for every channel (axis 1); null where it varies along another axis or does not fit.</summary>
    public static double[]? PerChannel(Tensor constant, int rank, int channels)
    {
        var shape = constant.Shape;
        int axis = shape.Rank - rank + 1;
        bool fits = shape.Rank <= rank && (shape.Count == 1 || (axis >= 0 && shape.Count == channels && shape[axis] == channels));
        return !fits ? null : constant.ToFloats() is [var one] ? [.. Enumerable.Repeat((double)one, channels)] : [.. constant.ToFloats().Select(v => (double)v)];
    }
}
