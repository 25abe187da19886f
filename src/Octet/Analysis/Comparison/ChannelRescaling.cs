using Octet.Numerics;

namespace Octet.Analysis.Comparison;

/// <summary>Scales and offsets of a tensor's channels that differ from those of the float tensor.</summary>
/// <param name="Axis">Knows which axis counts the channels.</param>
/// <param name="Scales">One pair a channel.</param>
internal sealed record ChannelRescaling(ChannelScales Axis, (float Scale, float Offset)[] Scales)
{
    /// <summary>Float values as the tensor holds them.</summary>
    public Tensor Apply(Shape shape, ReadOnlySpan<float> reference) => Tensor.FromArray(Axis.Apply(Scales, shape, reference), shape);
}
