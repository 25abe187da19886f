using System.Collections.Immutable;

namespace Octet.Numerics.Rescaling;

/// <summary>A family of integer arithmetic, as data of a target: how sums of products become outputs.</summary>
public abstract record IntegerArithmetic
{
    /// <summary>The name that users give.</summary>
    public abstract string Name { get; }

    /// <summary>The factors input scale · weight scale / output scale.</summary>
    /// <param name="input">Scale of the input.</param>
    /// <param name="weights">Scales of the weights, one or one a channel.</param>
    /// <param name="output">Scale of the output.</param>
    /// <returns>Null where the family cannot express one of them.</returns>
    public abstract Rescale? Rescale(float input, ImmutableArray<float> weights, float output);

    /// <summary>The factors input scale / (output scale · count), of means.</summary>
    /// <param name="input">Scale of the input.</param>
    /// <param name="counts">Numbers of values, each ≥ 1.</param>
    /// <param name="output">Scale of the output.</param>
    /// <param name="isWide">Whether the values have 16 bits, not 8.</param>
    /// <returns>Null where the family cannot express one of them.</returns>
    public abstract Rescale? Mean(float input, ReadOnlySpan<int> counts, float output, bool isWide = false);

    /// <summary>Sums of values of two scales.</summary>
    /// <param name="a">Of the first.</param>
    /// <param name="b">Of the second.</param>
    /// <param name="signB">1 to add, −1 to subtract.</param>
    /// <param name="y">Of the output.</param>
    /// <returns>Null where the family cannot express it.</returns>
    public abstract SumRescale? Sum(QuantParams a, QuantParams b, int signB, QuantParams y);

    /// <summary>Shares of rows of values: softmax.</summary>
    /// <param name="input">Scale of the values.</param>
    /// <param name="length">Values of a row.</param>
    /// <param name="y">Of the output.</param>
    /// <param name="min">Least result.</param>
    /// <param name="max">Greatest result.</param>
    /// <param name="bits">Bits of the values: 8 or 16.</param>
    /// <returns>Null where the family cannot express it, or not for so long a row.</returns>
    public virtual SoftmaxRescale? Softmax(float input, int length, QuantParams y, int min, int max, int bits = 8)
    {
        ArgumentNullException.ThrowIfNull(y);
        return length <= IntegerSoftmax.LongestRow && Rescale(1f / (1 << IntegerSoftmax.Bits), [1], y.Scale) is { } rescale
            ? IntegerSoftmax.Of(input, new Requantize(rescale, y.ZeroPoint, min, max), bits)
            : null;
    }
}
