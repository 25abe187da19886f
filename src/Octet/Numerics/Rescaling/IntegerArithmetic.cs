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
    /// <returns>Null where the family cannot express one of them.</returns>
    public abstract Rescale? Mean(float input, ReadOnlySpan<int> counts, float output);

    /// <summary>Sums of values of two scales.</summary>
    /// <param name="a">Of the first.</param>
    /// <param name="b">Of the second.</param>
    /// <param name="signB">1 to add, −1 to subtract.</param>
    /// <param name="y">Of the output.</param>
    /// <returns>Null where the family cannot express it.</returns>
    public abstract SumRescale? Sum(QuantParams a, QuantParams b, int signB, QuantParams y);
}
