namespace Octet;

/// <summary>
/// What each choice for a layer's weights costs. Errors are Σ(Δy)² of the layer's output over sampled rows of its quantized input, in
/// squared units of the output.
/// </summary>
/// <param name="NearestError">With the range of the largest weight, rounded to nearest.</param>
/// <param name="RangeError">With the ranges of least output error, rounded to nearest.</param>
/// <param name="RoundedError">With the rounding chosen, before saturation was looked at.</param>
/// <param name="Error">With the weights that were written.</param>
/// <param name="FeedbackChannels">Output channels that were rounded with error feedback.</param>
/// <param name="NarrowedChannels">Output channels that got a larger scale so that pair sums do not saturate.</param>
/// <param name="ClippedChannels">Output channels of which weights were limited at the same scale so that pair sums do not saturate.</param>
/// <param name="SaturatingSums">Pair sums over the sampled rows that would have saturated; 0 where nobody asked.</param>
/// <param name="SaturatingSumsLeft">Those that still do.</param>
public sealed record WeightCosts(
    double NearestError,
    double RangeError,
    double RoundedError,
    double Error,
    int FeedbackChannels,
    int NarrowedChannels,
    int ClippedChannels,
    long SaturatingSums,
    long SaturatingSumsLeft)
{
    /// <summary>What avoiding saturation costs at the layer's output: 10·log₁₀(<see cref="Error"/> / <see cref="RoundedError"/>) in dB; 0 where it changed nothing.</summary>
    public double SaturationCost => Error == RoundedError ? 0 : 10 * Math.Log10(Error / RoundedError);
}
