using Octet.Planning;

namespace Octet.Analysis.Causes;

/// <summary>
/// A depthwise convolution whose channels have weights of very unlike size under one scale (Krishnamoorthi 2018, "Quantizing deep convolutional
/// networks for efficient inference", section 3.1.4).
/// </summary>
public sealed class DepthwiseSpread : Cause
{
    private const float Ratio = 8;

    /// <inheritdoc/>
    public override string Name => "depthwise spread";

    /// <inheritdoc/>
    public override IEnumerable<Suspicion> Find(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var layer in evidence.NoisyLayers.Where(l => !l.PerChannelWeights && KeepFloat.IsDepthwise(l.NodeIn(evidence.Graph))))
        {
            float[] largest = evidence.LargestWeights(layer, 0);
            float median = Evidence.MedianOf(largest);
            if (largest.Max() > Ratio * median && median > 0)
            {
                yield return new Suspicion(
                    layer.Name,
                    FormattableString.Invariant($"its largest weight is {largest.Max():G3}, that of half of its channels no more than {median:G3}, and all have one scale"),
                    layer.Key);
            }
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<Remedy> Remedies(Evidence evidence, IReadOnlyList<Suspicion> suspicions)
        => [.. Remedy.OfUnlikeChannels(evidence), .. Remedy.OfLayers(evidence, suspicions)];
}
