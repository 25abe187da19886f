namespace Octet.Calibration.Thresholds;

/// <summary>
/// The clipping that costs least under an assumed distribution (Banner et al. 2019, "Post-training 4-bit Quantization of Convolution
/// Networks for Rapid-Deployment", section 4.1): the α at which the derivative of clipping noise plus rounding noise α² / (3 · 4^bits) is zero.
/// </summary>
internal static class AciqClipping
{
    private const int Halvings = 200;
    private const double Widest = 64;

    /// <summary>α in standard deviations of a normal distribution: 2 (φ(α) − α Q(α)) = α / (3 · 4^bits).</summary>
    internal static double OfNormal(int bits)
        => Root(a => 2 * (Math.Exp(-a * a / 2) / Math.Sqrt(2 * Math.PI) - a * UpperTail(a)) - a / (3 * Math.Pow(4, bits)));

    /// <summary>α in mean deviations of Laplace's distribution: e^−α = α / (3 · 4^bits).</summary>
    internal static double OfLaplace(int bits) => Root(a => Math.Exp(-a) - a / (3 * Math.Pow(4, bits)));

    /// <summary>Noise of a normal distribution of deviation 1 clipped at α: clipping and rounding.</summary>
    internal static double NoiseOfNormal(double alpha, int bits)
        => 2 * ((1 + alpha * alpha) * UpperTail(alpha) - alpha * Math.Exp(-alpha * alpha / 2) / Math.Sqrt(2 * Math.PI)) + Rounding(alpha, bits);

    /// <summary>Noise of Laplace's distribution of mean deviation 1 clipped at α: clipping and rounding.</summary>
    internal static double NoiseOfLaplace(double alpha, int bits) => 2 * Math.Exp(-alpha) + Rounding(alpha, bits);

    private static double Rounding(double alpha, int bits) => alpha * alpha / (3 * Math.Pow(4, bits));

    // Falling functions with one root.
    private static double Root(Func<double, double> function)
    {
        double low = 0;
        double high = Widest;
        for (int i = 0; i < Halvings; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = function(middle) > 0 ? (middle, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Q(a), the chance of more than a deviations: the continued fraction of Laplace above 3, the series of the error function below.</summary>
    private static double UpperTail(double a)
    {
        double density = Math.Exp(-a * a / 2) / Math.Sqrt(2 * Math.PI);
        if (a > 3)
        {
            double fraction = a;
            for (int i = 100; i >= 1; i--)
            {
                fraction = a + i / fraction;
            }

            return density / fraction;
        }

        double term = a;
        double sum = a;
        for (int i = 1; i < 200 && term > 1e-18 * sum; i++)
        {
            term *= a * a / (2 * i + 1);
            sum += term;
        }

        return 0.5 - density * sum;
    }
}
