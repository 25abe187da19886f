using System.Runtime.Intrinsics;

namespace Octet.Refinement;

/// <summary>Rounds every weight for itself: rint(w / scale), limited to the range.</summary>
internal static class NearestRounding
{
    /// <summary>Quantizes all columns.</summary>
    /// <param name="scales">One a padded column, &gt; 0.</param>
    /// <param name="limit">Largest magnitude of a quantized value.</param>
    /// <param name="bounds">Narrower limits for single weights, or null.</param>
    internal static ColumnMatrix Round(ColumnMatrix weights, ReadOnlySpan<float> scales, int limit, RoundingBounds? bounds = null)
    {
        var result = new ColumnMatrix(weights.Inputs, weights.Channels);
        var greatest = Vector256.Create((float)limit);
        for (int k = 0; k < weights.Inputs; k++)
        {
            int start = k * weights.Width;
            for (int c = 0; c < weights.Width; c += ColumnMatrix.Lanes)
            {
                var upper = bounds is null ? greatest : Vector256.Create(bounds.Upper, start + c);
                var lower = bounds is null ? -greatest : Vector256.Create(bounds.Lower, start + c);
                var rounded = Vector256.Round(Vector256.Create(weights.Values, start + c) / Vector256.Create(scales[c..]));
                Vector256.Max(lower, Vector256.Min(upper, rounded)).CopyTo(result.Values, start + c);
            }
        }

        return result;
    }

    /// <summary>weights − scale · quantized.</summary>
    internal static float[] Errors(ColumnMatrix weights, ColumnMatrix quantized, ReadOnlySpan<float> scales)
    {
        var errors = new float[weights.Values.Length];
        for (int k = 0; k < weights.Inputs; k++)
        {
            int start = k * weights.Width;
            for (int c = 0; c < weights.Width; c += ColumnMatrix.Lanes)
            {
                var real = Vector256.Create(quantized.Values, start + c) * Vector256.Create(scales[c..]);
                (Vector256.Create(weights.Values, start + c) - real).CopyTo(errors, start + c);
            }
        }

        return errors;
    }
}
