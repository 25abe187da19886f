using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Octet.Refinement;

/// <summary>
/// Rounding with error feedback: with G = L·Lᵀ the output error is Σᵢ (Lᵢᵢδᵢ + Σ_{j&gt;i} Lⱼᵢδⱼ)², so from the last input to the first each weight is
/// rounded after it was moved by what cancels the errors already made. The result is that of GPTQ (Frantar et al. 2023, "GPTQ: Accurate Post-Training
/// Quantization for Generative Pre-trained Transformers", equation 3) without its inverse, and that of Babai's nearest plane.
/// </summary>
internal static class ErrorFeedback
{
    private const int BlockInputs = 32;
    private const int TileChannels = 64;

    /// <summary>Quantizes all columns.</summary>
    /// <param name="factor">Of the Gram matrix of the inputs.</param>
    /// <param name="scales">One a padded column, &gt; 0.</param>
    /// <param name="limit">Largest magnitude of a quantized value.</param>
    /// <param name="bounds">Narrower limits for single weights, or null.</param>
    /// <returns>The quantized weights and the (damped) output error of every padded column.</returns>
    internal static (ColumnMatrix Quantized, float[] Errors) Round(
        OrderedCholesky factor, ColumnMatrix weights, ReadOnlySpan<float> scales, int limit, RoundingBounds? bounds = null)
    {
        int width = weights.Width;
        var result = new ColumnMatrix(weights.Inputs, weights.Channels);
        var total = new float[width];
        var carried = new float[weights.Inputs * width];
        var errors = new float[BlockInputs * width];
        for (int end = weights.Inputs; end > 0; end -= BlockInputs)
        {
            int start = Math.Max(0, end - BlockInputs);
            for (int c = 0; c < width; c += TileChannels)
            {
                RoundBlock(factor, weights, scales, limit, bounds, result, total, carried, errors, start, end, c, Math.Min(width, c + TileChannels));
            }

            DenseProduct.Add(
                start, width, end - start, factor.Lower.AsSpan(start * factor.Size), 1, factor.Size, errors, width, carried, width);
        }

        return (result, total);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RoundBlock(
        OrderedCholesky factor,
        ColumnMatrix weights,
        ReadOnlySpan<float> scales,
        int limit,
        RoundingBounds? bounds,
        ColumnMatrix result,
        float[] total,
        float[] carried,
        float[] errors,
        int start,
        int end,
        int firstChannel,
        int endChannel)
    {
        int width = weights.Width;
        var greatest = Vector256.Create((float)limit);
        for (int i = end - 1; i >= start; i--)
        {
            int row = factor.Order[i] * width;
            var lower = factor.Lower.AsSpan(i * factor.Size, i + 1);
            var diagonal = Vector256.Create(lower[i]);
            for (int c = firstChannel; c < endChannel; c += ColumnMatrix.Lanes)
            {
                var weight = Vector256.Create(weights.Values, row + c);
                var scale = Vector256.Create(scales[c..]);
                var moved = weight + (Vector256.Create(carried, (i * width) + c) / diagonal);
                var most = bounds is null ? greatest : Vector256.Create(bounds.Upper, row + c);
                var least = bounds is null ? -greatest : Vector256.Create(bounds.Lower, row + c);
                var quantized = Vector256.Max(least, Vector256.Min(most, Vector256.Round(moved / scale)));
                quantized.CopyTo(result.Values, row + c);
                var real = quantized * scale;
                var left = (moved - real) * diagonal;
                (Vector256.Create(total, c) + (left * left)).CopyTo(total, c);
                (weight - real).CopyTo(errors, ((i - start) * width) + c);
            }

            for (int j = start; j < i; j++)
            {
                var coefficient = Vector256.Create(lower[j]);
                for (int c = firstChannel; c < endChannel; c += ColumnMatrix.Lanes)
                {
                    var error = Vector256.Create(errors, ((i - start) * width) + c);
                    Vector256.FusedMultiplyAdd(coefficient, error, Vector256.Create(carried, (j * width) + c)).CopyTo(carried, (j * width) + c);
                }
            }
        }
    }
}
