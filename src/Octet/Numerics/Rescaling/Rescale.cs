namespace Octet.Numerics.Rescaling;

/// <summary>Turns a sum of products into units of the output: multiplies by a real factor with integers, or as a processor does with floats.</summary>
/// <remarks>One instance holds one factor, or one a channel. What "channel" means is the step's matter: output channels of a convolution, numbers of taps of a pool.</remarks>
public abstract record Rescale
{
    /// <summary>Number of factors, ≥ 1.</summary>
    public abstract int Count { get; }

    /// <summary>The factor as a real number, for messages and comments.</summary>
    /// <param name="channel">0 to <see cref="Count"/> − 1.</param>
    public abstract double Factor(int channel);

    /// <summary>Bits of the longest sums.</summary>
    public const int LongBits = 48;

    /// <summary>Whether sums may be longer than 32 bits, up to 48. Default true.</summary>
    public virtual bool TakesLongSums => true;

    /// <summary>Rescales one sum with one factor.</summary>
    /// <param name="sum">The sum: of 32 bits, or of 48 where <see cref="TakesLongSums"/>.</param>
    /// <param name="channel">0 to <see cref="Count"/> − 1.</param>
    /// <returns>The rounded product, saturated to 32 bits.</returns>
    public abstract int ApplyOne(long sum, int channel);

    /// <summary>Rescales one sum with its channel's factor, or with the only one.</summary>
    public int Apply(long sum, int channel) => ApplyOne(sum, Count == 1 ? 0 : channel);

    /// <summary>A 64-bit number as the nearest one of 32 bits.</summary>
    protected static int Saturate(long value) => (int)Math.Clamp(value, int.MinValue, int.MaxValue);
}
