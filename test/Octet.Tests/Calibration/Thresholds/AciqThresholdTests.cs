using Octet.Calibration.Thresholds;
using Octet.Numerics;

namespace Octet.Tests.Calibration.Thresholds;

public sealed class AciqThresholdTests
{
    // Banner et al. 2019: the constants of the two distributions for 2, 3, 4 and 8 bits.
    [Theory]
    [InlineData(2, 1.71063516, 2.83068299)]
    [InlineData(3, 2.15159277, 3.89722946)]
    [InlineData(4, 2.55913642, 5.02864014)]
    [InlineData(8, 3.92403337, 9.89675982)]
    public void Alpha_IsThatOfThePaper(int bits, double normal, double laplace)
    {
        Assert.Equal(normal, AciqClipping.OfNormal(bits), 1e-3);
        Assert.Equal(laplace, AciqClipping.OfLaplace(bits), 1e-3);
    }

    [Theory]
    [InlineData("aciq-gauss", 8, 3.92403337)]
    [InlineData("aciq-gauss", 4, 2.55913642)]
    [InlineData("aciq", 4, 2.55913642)]
    public void Compute_OfNormalValues_IsWithinAPercentOfTheory(string method, int bits, double alpha)
    {
        const float sigma = 0.3f;
        float[] values = [.. ThresholdMethodContractTests.Gauss(400_000, 1).Select(v => v * sigma)];
        double bound = ThresholdRuns.Run(method, [values], new QuantType(bits, true), symmetric: true).Range.Bound;
        Assert.InRange(bound, alpha * sigma * 0.99, alpha * sigma * 1.01);
    }

    [Theory]
    [InlineData("aciq-laplace", 8, 9.89675982)]
    [InlineData("aciq-laplace", 4, 5.02864014)]
    [InlineData("aciq", 4, 5.02864014)]
    public void Compute_OfLaplaceValues_IsWithinAPercentOfTheory(string method, int bits, double alpha)
    {
        const double deviation = 2.5;
        var random = new Random(3);
        float[] values = [.. Enumerable.Range(0, 800_000).Select(_ => (float)(-Math.Log(1 - random.NextDouble()) * deviation * (random.Next(2) * 2 - 1)))];
        double bound = ThresholdRuns.Run(method, [values], new QuantType(bits, true), symmetric: true).Range.Bound;
        Assert.InRange(bound, alpha * deviation * 0.99, alpha * deviation * 1.01);
    }

    [Fact]
    public void Compute_OfOneSignInAnAsymmetricScheme_HasOneBitMore()
    {
        float[] values = [.. ThresholdMethodContractTests.Gauss(400_000, 1).Select(Math.Abs)];
        double alpha = AciqClipping.OfNormal(5);
        Assert.InRange(ThresholdRuns.Run("aciq-gauss", [values], QuantType.UInt4, symmetric: false).Range.Max, alpha * 0.99, alpha * 1.01);
    }
}
