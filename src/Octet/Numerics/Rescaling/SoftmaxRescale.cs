namespace Octet.Numerics.Rescaling;

/// <summary>How a family of arithmetic makes shares of a row of quantized values, which are in proportion to their exponentials: softmax.</summary>
public abstract record SoftmaxRescale
{
    /// <summary>Distances that two 8-bit values can have, 0 among them.</summary>
    public const int Distances = 256;

    /// <summary>Computes the shares of a row.</summary>
    /// <param name="x">The values.</param>
    /// <param name="y">Their quantized shares; as many.</param>
    public abstract void Apply(ReadOnlySpan<sbyte> x, Span<sbyte> y);

    /// <summary>The greatest value of a row.</summary>
    protected static int Greatest(ReadOnlySpan<sbyte> x)
    {
        int most = sbyte.MinValue;
        foreach (sbyte value in x)
        {
            most = Math.Max(most, value);
        }

        return most;
    }
}
