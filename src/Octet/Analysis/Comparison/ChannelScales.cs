using Octet.Numerics;

namespace Octet.Analysis.Comparison;

/// <summary>
/// Finds out whether the channels of a tensor have other scales and offsets than those of the float tensor, by least squares: q ≈ a·f + b for each channel. Balancing
/// channels before quantizing (Nagel et al. 2019, section 4.1) leaves the network's outputs as they are, but not the tensors inside.
/// </summary>
internal sealed class ChannelScales
{
    // Nine tenths of the noise must go with scales and offsets: errors of quantization seldom are of that kind.
    private const double Gain = 10;

    // Two numbers a channel fit a few values whatever these are.
    private const int LeastValues = 16;

    private readonly bool last;
    private readonly double[][][] samples;

    /// <summary>Makes room.</summary>
    /// <param name="count">Number of samples.</param>
    /// <param name="last">Whether channels lie on the last axis of tensors of three or more; else on axis 1.</param>
    public ChannelScales(int count, bool last)
    {
        this.last = last;
        samples = new double[count][][];
    }

    /// <summary>Takes up one sample's values.</summary>
    /// <param name="sample">Its index.</param>
    /// <param name="shape">Of both; where it has no axis for channels, there is one of all values.</param>
    /// <param name="reference">The float values.</param>
    /// <param name="values">As many values of the quantized model.</param>
    public void Add(int sample, Shape shape, ReadOnlySpan<float> reference, ReadOnlySpan<float> values)
    {
        int axis = AxisOf(shape);
        int channels = axis < 0 ? 1 : (int)Math.Max(1, shape[axis]);
        var sums = new double[channels][];
        int inner = InnerOf(shape, axis, values.Length);
        for (int c = 0; c < channels; c++)
        {
            double[] sum = sums[c] = new double[6];
            for (int start = c * inner; start < values.Length; start += channels * inner)
            {
                for (int i = start; i < start + inner; i++)
                {
                    double f = reference[i];
                    double q = values[i];
                    sum[0]++;
                    sum[1] += f;
                    sum[2] += q;
                    sum[3] += f * f;
                    sum[4] += f * q;
                    sum[5] += q * q;
                }
            }
        }

        samples[sample] = sums;
    }

    /// <summary>The scale and offset of each channel; null where the channels are as in the float model.</summary>
    public ChannelRescaling? Find()
    {
        int channels = samples[0].Length;
        if (samples.Any(s => s.Length != channels) || (last && samples.Sum(s => s[0][0]) < LeastValues))
        {
            return null;
        }

        var found = new (float Scale, float Offset)[channels];
        double noise = 0;
        double rest = 0;
        for (int c = 0; c < channels; c++)
        {
            double[] sum = [.. Enumerable.Range(0, 6).Select(k => samples.Sum(s => s[c][k]))];
            var (n, f, q, ff, fq, qq) = (sum[0], sum[1], sum[2], sum[3], sum[4], sum[5]);
            double spread = n == 0 ? 0 : ff - (f * f / n);
            double common = n == 0 ? 0 : fq - (f * q / n);
            double scale = spread > 1e-12 * ff ? common / spread : 1;
            double offset = n == 0 ? 0 : (q - (scale * f)) / n;
            found[c] = ((float)scale, (float)offset);
            double apart = ff - (2 * fq) + qq;
            noise += apart;

            // In units of the float values: a channel that holds nothing of them any more has no other scale.
            double left = Math.Max(0, qq - (2 * scale * fq) - (2 * offset * q) + (scale * scale * ff) + (2 * scale * offset * f) + (n * offset * offset));
            rest += left < scale * scale * spread ? left / (scale * scale) : apart;
        }

        return rest * Math.Pow(10, Gain / 10) < noise ? new ChannelRescaling(this, found) : null;
    }

    /// <summary>Float values as a tensor with such scales and offsets holds them.</summary>
    /// <param name="scales">As they were found.</param>
    /// <param name="shape">Of the values.</param>
    /// <param name="reference">The float values.</param>
    public float[] Apply((float Scale, float Offset)[] scales, Shape shape, ReadOnlySpan<float> reference)
    {
        int inner = InnerOf(shape, AxisOf(shape), reference.Length);
        var result = new float[reference.Length];
        for (int i = 0; i < result.Length; i++)
        {
            var (scale, offset) = scales[i / inner % scales.Length];
            result[i] = (scale * reference[i]) + offset;
        }

        return result;
    }

    // −1 for none.
    private int AxisOf(Shape shape) => shape.Rank > 2 && last ? shape.Rank - 1 : shape.Rank > 1 ? 1 : -1;

    private static int InnerOf(Shape shape, int axis, int count)
        => Math.Max(1, axis >= 0 ? (int)shape.CountAfter(axis) : count);
}
