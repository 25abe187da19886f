namespace Octet.Refinement;

/// <summary>
/// What <see cref="WeightSolver"/> did. Errors are Σ(Δy)² over the sampled rows and all channels, in squared units of the
/// output.
/// </summary>
/// <param name="MaxNearestError">With the range of the largest weight, rounded to nearest.</param>
/// <param name="RangeNearestError">With the best range for rounding to nearest.</param>
/// <param name="UnlimitedError">With the weights chosen before saturation was looked at.</param>
/// <param name="FinalError">With the returned weights.</param>
/// <param name="FeedbackChannels">Channels rounded with error feedback: it lowered their error on held-out rows.</param>
/// <param name="NarrowedChannels">Channels that got a larger scale to avoid saturation.</param>
/// <param name="ClippedChannels">Channels that kept their scale while some weights were limited to avoid saturation.</param>
/// <param name="SaturatingPairsBefore">Pair sums (row × pair × channel) that would saturate without avoidance; 0 where not asked for.</param>
/// <param name="SaturatingPairs">The same with the returned weights.</param>
public sealed record WeightReport(
    double MaxNearestError,
    double RangeNearestError,
    double UnlimitedError,
    double FinalError,
    int FeedbackChannels,
    int NarrowedChannels,
    int ClippedChannels,
    long SaturatingPairsBefore,
    long SaturatingPairs);
