using System.Numerics.Tensors;
using Octet.Calibration;
using Octet.Numerics;

namespace Octet.Planning;

/// <summary>What was seen of one tensor: extremes and counts only, so that the order of samples does not matter.</summary>
/// <param name="counts">Whether there is a histogram.</param>
internal sealed class ObservedRange(bool counts)
{
    private readonly Lock gate = new();
    private float[] channels = [];

    /// <summary>Counts of the values; null where nobody asked for it.</summary>
    public LogLinearHistogram? Histogram { get; } = counts ? new() : null;

    /// <summary>Largest magnitude of each channel (axis 1).</summary>
    public IReadOnlyList<float> Channels => channels;

    /// <summary>Largest magnitude.</summary>
    public float Bound => channels.DefaultIfEmpty().Max();

    /// <summary>Takes up the values of one sample. May be called by several threads at once.</summary>
    public void Add(ReadOnlySpan<float> values, Shape shape)
    {
        Histogram?.Add(values);
        int count = shape.Rank > 1 ? (int)shape[1] : 1;
        int inner = shape.Rank > 1 ? (int)shape.CountAfter(1) : values.Length;
        var largest = new float[count];
        for (int i = 0; count * inner > 0 && i * inner < values.Length; i++)
        {
            largest[i % count] = Math.Max(largest[i % count], Math.Abs(TensorPrimitives.MaxMagnitude(values.Slice(i * inner, inner))));
        }

        lock (gate)
        {
            if (channels.Length < count)
            {
                Array.Resize(ref channels, count);
            }

            for (int c = 0; c < count; c++)
            {
                channels[c] = Math.Max(channels[c], largest[c]);
            }
        }
    }
}
