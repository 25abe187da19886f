using System.Collections.Immutable;
using Octet.Calibration.Statistics;

namespace Octet.Calibration.Thresholds.TpuMlir;

/// <summary>
/// ACIQ's threshold of each sample (Banner et al. 2019, "Post-training 4-bit Quantization of Convolution Networks for Rapid-Deployment",
/// section 4) as tpu-mlir estimates it (python/calibration/cali_math.py): for a normal distribution, α · σ with
/// σ = (max − min) · 0.175 · (1 + √(π ln 4)) / √(2 ln n); for Laplace's, α · mean |x − mean|, means being of 32-bit floats.
/// </summary>
/// <param name="Bits">Of the quantizer.</param>
/// <param name="Laplace">Whether Laplace's distribution is assumed instead of the normal one.</param>
internal sealed record AciqThresholds(int Bits, bool Laplace) : TpuMlirRecord
{
    /// <summary>The name.</summary>
    public const string NeedName = "tpu-mlir-aciq";

    /// <inheritdoc/>
    public override string Name => NeedName;

    /// <inheritdoc/>
    public override ImmutableArray<double> Parameters => [Bits, Laplace ? 1 : 0];

    // The constants of the original, which has them for 8 and 4 bits only; other widths take the solution of the same equation.
    private double Alpha => (Bits, Laplace) switch
    {
        (8, false) => 3.92403337,
        (8, true) => 9.89675982,
        (4, false) => 2.55913642,
        (4, true) => 5.02864014,
        (_, false) => AciqClipping.OfNormal(Bits),
        (_, true) => AciqClipping.OfLaplace(Bits),
    };

    /// <summary>The need of those parameters, as they stand in a file; null where they make no sense.</summary>
    public static AciqThresholds? Of(ImmutableArray<double> p) => p[0] is >= 2 and <= 32 && p[1] is 0 or 1 ? new AciqThresholds((int)p[0], p[1] == 1) : null;

    /// <inheritdoc/>
    protected override double Threshold(SampleValues values)
    {
        double deviation = Laplace ? MeanDeviation(values.Values) : Sigma(values);
        return double.IsFinite(deviation) ? Alpha * deviation : 0;
    }

    private static double Sigma(SampleValues values)
    {
        var (min, max) = values.Extremes;
        return (max - min) * 0.5 * 0.35 * (1 + Math.Sqrt(Math.PI * Math.Log(4))) / Math.Sqrt(2 * Math.Log(values.Values.Length));
    }

    private static double MeanDeviation(ReadOnlySpan<float> values)
        => NumPySum.OfDeviations(values, NumPySum.Of(values) / values.Length) / values.Length;
}
