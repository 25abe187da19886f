namespace Octet.Analysis.Causes;

/// <summary>
/// A few channels of a layer's input are far larger than the others, so that one scale leaves those few steps (Nagel et al. 2019, "Data-Free Quantization Through
/// Weight Equalization and Bias Correction", section 3).
/// </summary>
public sealed class OutlierChannel : Cause
{
    private const float Ratio = 16;
    private const double MostShare = 0.1;

    /// <inheritdoc/>
    public override string Name => "outlier channel";

    /// <inheritdoc/>
    public override IEnumerable<Suspicion> Find(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var layer in evidence.NoisyLayers.Where(l => !NormalizerOutliers.IsNormalized(l.NodeIn(evidence.Graph).Inputs[0]!)))
        {
            if (SignOf(evidence, layer.DataInputs[0]) is { } sign)
            {
                yield return new Suspicion(layer.Name, sign, layer.Key);
            }
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<Remedy> Remedies(Evidence evidence, IReadOnlyList<Suspicion> suspicions) => Remedy.OfOutliers(evidence, suspicions);

    /// <summary>How a tensor shows that few of its channels are far larger than the others; null where it does not.</summary>
    internal static string? SignOf(Evidence evidence, string tensor)
    {
        if (!evidence.Channels.TryGetValue(tensor, out var channels))
        {
            return null;
        }

        float median = Evidence.MedianOf(channels.Select(c => c.Bound));
        int large = channels.Count(c => c.Bound > Ratio * median);
        if (median == 0 || large == 0 || large > Math.Max(1, MostShare * channels.Length))
        {
            return null;
        }

        int largest = Enumerable.Range(0, channels.Length).MaxBy(c => channels[c].Bound);
        return FormattableString.Invariant(
            $"channel {largest} of its input \"{tensor}\" reaches {channels[largest].Bound:G3}, half of the channels no more than {median:G3}, so that these have {median / evidence.Plan.ParamsOf(tensor).Scale:0.#} steps");
    }
}
