using System.Numerics.Tensors;
using Octet.Calibration;
using Octet.Numerics;

namespace Octet.Refinement;

/// <summary>
/// Measures the error that quantization leaves at the outputs of matrix products of one activation (convolutions are such products), for channels of the activation divided and
/// weights multiplied by given factors: rows of samples are quantized, in the best of some ranges, and multiplied with weights rounded to the nearest. Factors and ranges are chosen on every second row, and
/// judged on the others.
/// </summary>
internal sealed class ProductTrial
{
    private const int MostColumns = 64;

    // Of the largest magnitude: outliers are clipped where that costs less, as the threshold methods do.
    private static readonly float[] Clips = [1, 0.8f, 0.6f, 0.45f, 0.3f, 0.2f, 0.1f];

    private readonly int channels;
    private readonly QuantType type;
    private readonly bool symmetric;
    private readonly float[] fitted;
    private readonly float[] judged;
    private readonly List<(float[] Columns, int Count, float[] Largest, QuantType Type, bool PerChannel)> products = [];

    /// <summary>Prepares the rows.</summary>
    /// <param name="channels">Length of a row.</param>
    /// <param name="rows">The rows, one behind the other.</param>
    /// <param name="type">Of the activation's integers.</param>
    /// <param name="symmetric">Whether its zero point is 0.</param>
    public ProductTrial(int channels, float[] rows, QuantType type, bool symmetric)
    {
        this.channels = channels;
        this.type = type;
        this.symmetric = symmetric;
        fitted = [.. rows.Chunk(channels).Where((_, r) => r % 2 == 0).SelectMany(r => r)];
        judged = [.. rows.Chunk(channels).Where((_, r) => r % 2 == 1).SelectMany(r => r)];
    }

    /// <summary>Adds a product that reads the activation; some of its output channels are computed.</summary>
    /// <param name="rows">Its weights, a row an input channel.</param>
    /// <param name="outputs">Length of a row.</param>
    /// <param name="weights">Type of the weights.</param>
    /// <param name="perChannel">Whether every output channel has its scale.</param>
    public void Add(float[] rows, int outputs, QuantType weights, bool perChannel)
    {
        int count = Math.Min(outputs, MostColumns);
        var columns = new float[channels * count];
        var largest = new float[channels];
        for (int c = 0; c < channels; c++)
        {
            var row = rows.AsSpan(c * outputs, outputs);
            largest[c] = Math.Abs(TensorPrimitives.MaxMagnitude<float>(row));
            for (int o = 0; o < count; o++)
            {
                columns[(c * count) + o] = row[(int)((long)o * outputs / count)];
            }
        }

        products.Add((columns, count, largest, weights, perChannel));
    }

    /// <summary>The largest magnitude of the weights that read each channel.</summary>
    public float[] LargestWeights() => [.. Enumerable.Range(0, channels).Select(c => products.Max(p => p.Largest[c]))];

    /// <summary>The squared error on the rows that factors are chosen by, and the range that it is least with.</summary>
    /// <param name="factors">One of each kind a channel.</param>
    public (double Error, float Clip) Fit(ChannelFactors factors)
    {
        var least = (Error: double.PositiveInfinity, Clip: 1f);
        foreach (float clip in Clips)
        {
            double error = ErrorOf(fitted, factors, clip);
            least = error < least.Error ? (error, clip) : least;
        }

        return least;
    }

    /// <summary>The squared error on the other rows; 0 where there is but one.</summary>
    /// <param name="factors">One of each kind a channel.</param>
    /// <param name="clip">As <see cref="Fit"/> gave it.</param>
    public double Judge(ChannelFactors factors, float clip) => ErrorOf(judged, factors, clip);

    private double ErrorOf(float[] rows, ChannelFactors factors, float clip)
    {
        int count = rows.Length / channels;
        var divided = Divided(rows, factors.Divisors);

        // The range is that of all rows chosen by, in both cases.
        var all = ReferenceEquals(rows, fitted) ? divided : Divided(fitted, factors.Divisors);
        var range = new ValueRange(all.Length == 0 ? 0 : all.Min() * clip, all.Length == 0 ? 0 : all.Max() * clip).WithZero();
        var parameters = range.ToQuantParams(type, symmetric);
        var rounded = new float[divided.Length];
        for (int i = 0; i < rounded.Length; i++)
        {
            float integer = Math.Clamp(MathF.Round(divided[i] / parameters.Scale) + parameters.ZeroPoint, type.Min, type.Max);
            rounded[i] = (integer - parameters.ZeroPoint) * parameters.Scale;
            divided[i] -= rounded[i];
        }

        double error = 0;
        foreach (var product in products)
        {
            var (weights, errors) = Round(product, factors);
            var sum = new float[count * product.Count];
            DenseProduct.Add(count, product.Count, channels, divided, channels, 1, weights, product.Count, sum, product.Count);
            DenseProduct.Add(count, product.Count, channels, rounded, channels, 1, errors, product.Count, sum, product.Count);
            error += TensorPrimitives.SumOfSquares<float>(sum);
        }

        return error;
    }

    private float[] Divided(float[] rows, float[] divisors)
    {
        var divided = new float[rows.Length];
        for (int i = 0; i < rows.Length; i += channels)
        {
            TensorPrimitives.Divide(rows.AsSpan(i, channels), divisors, divided.AsSpan(i, channels));
        }

        return divided;
    }

    // The weights multiplied, and what they lose by rounding, of all copies.
    private (float[] Weights, float[] Errors) Round((float[] Columns, int Count, float[] Largest, QuantType Type, bool PerChannel) product, ChannelFactors factors)
    {
        var scales = new float[product.Count];
        var weights = new float[product.Columns.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = product.Columns[i] * factors.Multipliers[i / product.Count];
            scales[i % product.Count] = Math.Max(scales[i % product.Count], Math.Abs(weights[i]));
        }

        float whole = product.Largest.Zip(factors.Multipliers, (l, f) => l * f).Max();
        scales = Array.ConvertAll(scales, s => WeightLayout.ScaleFor(product.PerChannel ? s : whole, product.Type));
        var errors = new float[weights.Length];
        for (int i = 0; i < errors.Length; i++)
        {
            float scale = scales[i % product.Count];
            float copies = factors.Copies[i / product.Count];
            errors[i] = copies * (weights[i] - (MathF.Round(weights[i] / scale) * scale));
            weights[i] *= copies;
        }

        return (weights, errors);
    }
}
