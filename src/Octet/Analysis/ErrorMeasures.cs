namespace Octet.Analysis;

/// <summary>How far values q are from reference values f, over several samples.</summary>
/// <param name="Sqnr">10·log₁₀(Σf² / Σ(f−q)²) over all samples, in dB; +∞ without error.</param>
/// <param name="Cosine">Σfq / √(Σf²·Σq²) of each sample, then the mean over the samples; −1 to 1, 1 without error.</param>
/// <param name="Mse">Mean of (f−q)² over all values.</param>
/// <param name="NoiseRatio">
/// Σ(f−q)² / (Σf² + 10⁻⁷) of each sample, then the mean over the samples: the noise-to-signal ratio of PPQ 0.6.6
/// (<c>measure/norm.py</c>), which warns above 0.1. ≥ 0, a share and no dB.
/// </param>
public sealed record ErrorMeasures(double Sqnr, double Cosine, double Mse, double NoiseRatio)
{
    /// <summary>The ratio above which PPQ warns of a layer.</summary>
    public const double NoisyRatio = 0.1;

    private const double LeastSignal = 1e-7;

    /// <summary>The measures of samples whose sums are given in order.</summary>
    /// <param name="samples">At least one.</param>
    internal static ErrorMeasures Of(IReadOnlyList<ErrorSums> samples)
    {
        var all = ErrorSums.Total(samples);
        double cosines = 0;
        double ratios = 0;
        foreach (var sample in samples)
        {
            cosines += sample.Cosine;
            ratios += sample.Noise / (sample.Signal + LeastSignal);
        }

        return new ErrorMeasures(
            all.Sqnr, cosines / samples.Count, all.Count == 0 ? 0 : all.Noise / all.Count, ratios / samples.Count);
    }
}
