using Octet.Calibration;
using Octet.Numerics;

namespace Octet.Tests.Calibration.Thresholds;

public sealed class MseThresholdTests
{
    [Fact]
    public void Compute_OfGaussAtFourBits_ClipsWhereTheoryDoes()
    {
        // The least squared error of a 15-level uniform quantizer of a Gaussian has its bound near 2.6 (Banner et al. 2019: 2.55 for 16 levels).
        var range = Compute(ThresholdMethodContractTests.Gauss(200_000, 1), QuantType.Int4, symmetric: true);
        Assert.InRange(range.Bound, 2.35, 2.85);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Compute_NeverLosesToARandomRange(bool symmetric)
    {
        var random = new Random(11);
        for (int round = 0; round < 20; round++)
        {
            float[] values = LogLinearHistogramTests.RandomValues(random, 3_000, specials: 0);
            var type = round % 2 == 0 ? QuantType.UInt8 : QuantType.Int4;
            var error = new HistogramError(LogLinearHistogram.Of(values));
            var range = Compute(values, type, symmetric);
            double best = error.SquaredError(range.ToQuantParams(type, symmetric));
            for (int i = 0; i < 300; i++)
            {
                var other = new ValueRange(
                    (float)(Math.Min(values.Min(), 0) * Math.Pow(random.NextDouble(), 4)), (float)(Math.Max(values.Max(), 0) * Math.Pow(random.NextDouble(), 4)));
                Assert.True(best <= error.SquaredError(other.ToQuantParams(type, symmetric)) * 1.02);
            }
        }
    }

    [Fact]
    public void Compute_OfTwoLevels_KeepsBothExact()
    {
        Assert.Equal(new ValueRange(0, 6), Compute([0, 6, 0, 6, 6], QuantType.UInt8, symmetric: false));
    }

    private static ValueRange Compute(float[] values, QuantType type, bool symmetric)
        => ThresholdMethodContractTests.RangeOf("mse", values, type, symmetric);
}
