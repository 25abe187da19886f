namespace Octet.Numerics.Rescaling;

/// <summary>How a family of arithmetic makes shares of a row of quantized values, which are in proportion to their exponentials: softmax.</summary>
public abstract record SoftmaxRescale
{
    /// <summary>Distances that two values can have, 0 among them.</summary>
    /// <param name="bits">Bits of the values.</param>
    public static IEnumerable<int> Distances(int bits) => Enumerable.Range(0, 1 << bits);

    /// <summary>Computes the shares of a row.</summary>
    /// <param name="x">The values.</param>
    /// <param name="y">Their quantized shares; as many.</param>
    public abstract void Apply(ReadOnlySpan<int> x, Span<int> y);

    /// <summary>The greatest value of a row.</summary>
    protected static int Greatest(ReadOnlySpan<int> x)
    {
        int most = int.MinValue;
        foreach (int value in x)
        {
            most = Math.Max(most, value);
        }

        return most;
    }
}
