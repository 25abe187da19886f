using Octet.Numerics;

namespace Octet.Refinement.Amct;

/// <summary>Which weights of a layer share a scale: all, or those of an output channel.</summary>
public sealed record AmctLayout
{
    private AmctLayout(int? axis, int groups) => (Axis, Groups) = (axis, groups);

    /// <summary>One scale for all weights; AMCT's <c>channel_wise: false</c>.</summary>
    public static AmctLayout One { get; } = new(null, 1);

    /// <summary>The axis that counts output channels, of a group where there are several; null for one scale.</summary>
    public int? Axis { get; }

    /// <summary>Groups along the first axis, each with output channels of its own.</summary>
    public int Groups { get; }

    /// <summary>A scale for each index of an axis: 0 for convolutions and for matrices of outputs × inputs, 1 for those of inputs × outputs.</summary>
    /// <param name="axis">The axis.</param>
    public static AmctLayout Along(int axis) => new(axis, 1);

    /// <summary>A scale for each output channel of a transposed convolution, whose weights are inputs × outputs of a group × kernel.</summary>
    /// <param name="groups">Groups of the layer, ≥ 1.</param>
    public static AmctLayout Transposed(int groups) => new(1, groups);

    /// <summary>The number of scales for weights of a shape.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.InvalidUsage"/>: weights of this shape have no such axis or groups.</exception>
    internal int CountOf(Shape shape)
    {
        if (Axis < 0 || Axis >= shape.Rank || Groups < 1 || (Groups > 1 && shape[0] % Groups != 0))
        {
            throw new OctetException(ErrorCodes.InvalidUsage, $"weights of shape {shape} do not have {Groups} groups and an axis {Axis}", "name the axis and the groups of the layer");
        }

        return Axis is { } axis ? (int)shape[axis] * Groups : 1;
    }

    /// <summary>The scale of each weight.</summary>
    internal int[] ChannelsOf(Shape shape)
    {
        int count = CountOf(shape);
        var channels = new int[shape.Count];
        if (Axis is { } axis)
        {
            int ofGroup = count / Groups;
            long inner = shape.CountAfter(axis);
            long group = shape.Count / Groups;
            for (long i = 0; i < channels.Length; i++)
            {
                channels[i] = (int)((Groups == 1 ? 0 : i / group * ofGroup) + (i / inner % ofGroup));
            }
        }

        return channels;
    }
}
