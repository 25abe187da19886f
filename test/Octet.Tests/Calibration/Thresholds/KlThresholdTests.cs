using Octet.Calibration;
using Octet.Numerics;

namespace Octet.Tests.Calibration.Thresholds;

public sealed class KlThresholdTests
{
    [Fact]
    public void Compute_WhenAnOutlierStandsFarOff_CutsItAway()
    {
        var range = Compute([.. ThresholdMethodContractTests.Gauss(20_000, 1), 5_000], QuantType.Int8, symmetric: true);
        Assert.InRange(range.Bound, 2, 6);
    }

    [Fact]
    public void Compute_OfEvenlySpreadValues_ClipsNothing()
    {
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, 50_000).Select(_ => random.NextSingle())];
        Assert.InRange(Compute(values, QuantType.UInt8, symmetric: false).Max, 0.95, 1);
    }

    [Fact]
    public void Compute_OfZeros_DoesNotDependOnHowMany()
    {
        float[] values = [.. ThresholdMethodContractTests.Gauss(5_000, 3).Select(MathF.Abs)];
        Assert.Equal(
            Compute(values, QuantType.UInt8, symmetric: false), Compute([.. values, .. new float[50_000]], QuantType.UInt8, symmetric: false));
    }

    [Fact]
    public void Compute_OfTwoSignsWithAnOutlierOnOne_CutsOnlyThatEnd()
    {
        var range = Compute([.. ThresholdMethodContractTests.Gauss(20_000, 4), -3_000], QuantType.UInt8, symmetric: false);
        Assert.InRange(range.Min, -6, -1.5);
        Assert.InRange(range.Max, 1.5, 6);
    }

    private static ValueRange Compute(float[] values, QuantType type, bool symmetric)
        => ThresholdMethodContractTests.RangeOf("kl", values, type, symmetric);
}
