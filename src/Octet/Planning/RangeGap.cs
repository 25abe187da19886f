namespace Octet.Planning;

/// <summary>Finds parts of a tensor that are so much smaller than others that one scale for all leaves them too few steps.</summary>
public static class RangeGap
{
    /// <summary>The ratio of ranges at which a part has lost half of the bits: 2^(bits/2), 16 for 8 bits.</summary>
    /// <param name="bits">Bits of a quantized value.</param>
    public static double MostRatio(int bits) => Math.Pow(2, bits / 2.0);

    /// <summary>
    /// The widest gap in sorted bounds, where it is wider than a ratio. Bounds that spread evenly over any distance have none: their parts differ by degrees,
    /// as the channels of most networks do, and not in kind.
    /// </summary>
    /// <param name="bounds">Largest magnitudes of the parts; zeros, of parts that hold nothing, are left out.</param>
    /// <param name="ratio">&gt; 1.</param>
    /// <returns>The bounds beside the gap; null where there is none.</returns>
    public static (float Smaller, float Larger)? Of(IEnumerable<float> bounds, double ratio)
    {
        float[] sorted = [.. bounds.Where(b => b > 0).Order()];
        (float Smaller, float Larger)? widest = null;
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i] > ratio * sorted[i - 1] && !(sorted[i] / sorted[i - 1] <= widest?.Larger / widest?.Smaller))
            {
                widest = (sorted[i - 1], sorted[i]);
            }
        }

        return widest;
    }
}
