using Octet.Inference;

namespace Octet.Refinement;

/// <summary>
/// Means of every channel of several tensors over several samples. Each sample has its own row and rows are added in the order
/// of the samples, so that the means do not depend on which run ended first.
/// </summary>
internal sealed class ChannelMeans
{
    private readonly double[][][] means;
    private readonly int[] axes;

    /// <summary>Makes room.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <param name="axes">For each tensor the axis of its channels; −1 for the last.</param>
    public ChannelMeans(int samples, int[] axes)
    {
        this.axes = axes;
        means = new double[samples][][];
    }

    /// <summary>Takes up what a run of sample <paramref name="sample"/> gave, tensor by tensor.</summary>
    public void Add(int sample, SessionOutputs outputs)
    {
        var row = new double[axes.Length][];
        for (int t = 0; t < axes.Length; t++)
        {
            var shape = outputs.ShapeOf(t);
            row[t] = MeansOf(outputs.Span<float>(t), [.. shape.Dimensions], axes[t] < 0 ? shape.Rank - 1 : axes[t]);
        }

        means[sample] = row;
    }

    /// <summary>The means of tensor <paramref name="tensor"/> over all samples, one a channel.</summary>
    public double[] Of(int tensor)
    {
        var sum = new double[means[0][tensor].Length];
        foreach (double[][] row in means)
        {
            for (int c = 0; c < sum.Length; c++)
            {
                sum[c] += row[tensor][c] / means.Length;
            }
        }

        return sum;
    }

    /// <summary>The means of tensor <paramref name="tensor"/> in sample <paramref name="sample"/>, one a channel.</summary>
    public ReadOnlySpan<double> Of(int tensor, int sample) => means[sample][tensor];

    private static double[] MeansOf(ReadOnlySpan<float> values, long[] dimensions, int axis)
    {
        int channels = (int)dimensions[axis];
        int inner = 1;
        for (int i = axis + 1; i < dimensions.Length; i++)
        {
            inner *= (int)dimensions[i];
        }

        var result = new double[channels];
        int outer = channels * inner == 0 ? 0 : values.Length / (channels * inner);
        for (int o = 0; o < outer; o++)
        {
            for (int c = 0; c < channels; c++)
            {
                result[c] += inner == 1
                    ? values[(o * channels) + c]
                    : System.Numerics.Tensors.TensorPrimitives.Sum(values.Slice(((o * channels) + c) * inner, inner));
            }
        }

        for (int c = 0; c < channels; c++)
        {
            result[c] /= Math.Max(1, outer * inner);
        }

        return result;
    }
}
