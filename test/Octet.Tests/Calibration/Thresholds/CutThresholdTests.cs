using Octet.Calibration.Thresholds;
using Octet.Numerics;

namespace Octet.Tests.Calibration.Thresholds;

public sealed class CutThresholdTests
{
    /// <summary>Two levels over the cuts 2, 3 and 4 of the counts 8, 4, 2, 2, written out by hand.</summary>
    [Fact]
    public void Divergences_OfFourBins_AreThoseComputedByHand()
    {
        // Cut 2: P = (1/2, 1/2), Q = (2/3, 1/3). Cut 3: P = (1/2, 1/4, 1/4), levels {0, 1}, {2}: Q = (3/7, 3/7, 1/7).
        // Cut 4: P = (1/2, 1/4, 1/8, 1/8), Q = (3/8, 3/8, 1/8, 1/8).
        double[][] p = [[1 / 2.0, 1 / 2.0], [1 / 2.0, 1 / 4.0, 1 / 4.0], [1 / 2.0, 1 / 4.0, 1 / 8.0, 1 / 8.0]];
        double[][] q = [[2 / 3.0, 1 / 3.0], [3 / 7.0, 3 / 7.0, 1 / 7.0], [3 / 8.0, 3 / 8.0, 1 / 8.0, 1 / 8.0]];
        AssertLeast([.. p.Zip(q, Kl)], (a, logA, b, logB) => a * (logA - logB));
        AssertLeast([.. p.Zip(q, (a, b) => Kl(a, b) + Kl(b, a))], (a, logA, b, logB) => (a - b) * (logA - logB));
        AssertLeast([.. p.Zip(q, Jsd)], (a, logA, b, logB) => (a * (logA - Math.Log((a + b) / 2)) + b * (logB - Math.Log((a + b) / 2))) / 2);

        static void AssertLeast(double[] expected, CutDivergence.Term term)
        {
            var (cut, divergence) = CutDivergence.Least([8, 4, 2, 2], 2, term, 1e-4);
            Assert.Equal(expected.Min(), divergence, 1e-12);
            Assert.Equal(Array.IndexOf(expected, expected.Min()) + 2, cut);
        }
    }

    [Theory]
    [InlineData("symkl")]
    [InlineData("jsd")]
    public void Compute_OfSkewedHistograms_DiffersFromEntropy(string method)
    {
        float[][] skewed = [.. Enumerable.Range(1, 6).Select(seed =>
        {
            var random = new Random(seed);
            return Enumerable.Range(0, 20_000).Select(_ => (float)(-Math.Log(1 - random.NextDouble()) * (random.Next(5) == 0 ? 3 : 0.3))).ToArray();
        })];
        Assert.Contains(skewed, v => Bound(method, v) != Bound("entropy", v));
        Assert.All(skewed, v => Assert.InRange(Bound(method, v), v.Max() / 16, v.Max()));
    }

    [Fact]
    public void Jsd_IsAtMostTheLogarithmOfTwo()
    {
        foreach (int seed in Enumerable.Range(1, 5))
        {
            float[] values = [.. ThresholdMethodContractTests.Gauss(3000, seed).Select(v => v * v * v)];
            Assert.InRange(ThresholdRuns.Run("jsd", [values], QuantType.Int8, symmetric: true).Figure("divergence"), 0, Math.Log(2));
        }
    }

    [Fact]
    public void Entropy_OfUniformValues_ClipsNothing()
    {
        float[] values = [.. Enumerable.Range(1, 40_000).Select(i => i / 40_000f)];
        Assert.InRange(ThresholdRuns.Run("entropy", [values], QuantType.Int8, symmetric: true).Range.Bound, 0.93f, 1);
    }

    private static float Bound(string method, float[] values) => ThresholdRuns.Run(method, [values], QuantType.Int8, symmetric: true).Range.Bound;

    private static double Kl(double[] p, double[] q) => p.Zip(q, (a, b) => a * Math.Log(a / b)).Sum();

    private static double Jsd(double[] p, double[] q)
    {
        double[] middle = [.. p.Zip(q, (a, b) => (a + b) / 2)];
        return (Kl(p, middle) + Kl(q, middle)) / 2;
    }
}
