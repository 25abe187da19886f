namespace Octet.Analysis.Causes;

/// <summary>The samples that calibrated are not like those that the network is measured on: other preprocessing, or other content.</summary>
public sealed class UnlikeData : Cause
{
    // How far the evaluation samples go beyond the calibrated values, as a share of their width, and with how many of their values.
    private const float LeastExcess = 0.5f;
    private const double LeastClip = 0.01;

    // How much wider than theirs the calibrated values are.
    private const float MostWidth = 4;

    /// <inheritdoc/>
    public override string Name => "calibration data unlike evaluation data";

    /// <inheritdoc/>
    public override IEnumerable<Suspicion> Find(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var (tensor, seen) in evidence.Tensors.Where(_ => evidence.HasEvaluation).OrderByDescending(t => t.Value.Clip).ThenBy(t => t.Key, StringComparer.Ordinal))
        {
            if (!evidence.Calibration.TryGetValue(tensor, out var statistics) || statistics.Histogram.IsEmpty)
            {
                continue;
            }

            var histogram = statistics.Histogram;
            float width = histogram.Max - histogram.Min;
            float excess = Math.Max(seen.Max - histogram.Max, histogram.Min - seen.Min);
            if ((excess > LeastExcess * width && seen.Clip > LeastClip) || width > MostWidth * (seen.Max - seen.Min))
            {
                yield return new Suspicion(
                    tensor,
                    FormattableString.Invariant($"calibration saw values from {histogram.Min:G3} to {histogram.Max:G3}, the evaluation samples have {seen.Min:G3} to {seen.Max:G3}, {seen.Clip:0.0%} of them outside the range"));
            }
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<Remedy> Remedies(Evidence evidence, IReadOnlyList<Suspicion> suspicions)
        => [new Remedy("calibrate with samples like those of the evaluation, prepared in the same way", o => o, CalibratesWithEvaluationData: true)];
}
