using Octet.Calibration.Thresholds;
using Octet.Numerics;

namespace Octet.Tests.Calibration.Thresholds;

public sealed class AdmmThresholdTests
{
    [Theory]
    [InlineData(4, true)]
    [InlineData(8, true)]
    [InlineData(4, false)]
    [InlineData(8, false)]
    public void Compute_NeverCostsMoreThanMax(int bits, bool symmetric)
    {
        var type = new QuantType(bits, true);
        foreach (int seed in Enumerable.Range(1, 6))
        {
            float[] values = [.. ThresholdMethodContractTests.Gauss(3000, seed).Select(v => seed % 2 == 0 ? v * v * v : v)];
            var fitted = ThresholdRuns.Run("admm", [values], type, symmetric);

            // An asymmetric scheme rounds its zero point anew for the range that it gets.
            Assert.True(Error(fitted) <= Error(ThresholdRuns.Run("max", [values], type, symmetric)) * (symmetric ? 1 + 1e-6 : 1.01), $"seed {seed}");
            Assert.InRange(fitted.Figure("iterations"), 1, 50);

            double Error(ThresholdResult result)
            {
                var parameters = result.ToQuantParams(type, symmetric);
                return values.Sum(v => Math.Pow(parameters.Dequantize(parameters.Quantize(v)) - v, 2));
            }
        }
    }

    [Fact]
    public void Compute_OfValuesOnAGrid_FindsTheGrid()
    {
        float[] values = [.. Enumerable.Range(-127, 255).Select(i => i * 0.5f)];
        Assert.Equal(63.5f, ThresholdRuns.Run("admm", [values], QuantType.Int8, symmetric: true).Range.Bound);
    }
}
