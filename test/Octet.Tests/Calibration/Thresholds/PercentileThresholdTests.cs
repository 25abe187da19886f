using Octet.Calibration;
using Octet.Calibration.Thresholds;
using Octet.Numerics;

namespace Octet.Tests.Calibration.Thresholds;

public sealed class PercentileThresholdTests
{
    private readonly PercentileThreshold method = new();

    [Fact]
    public void Compute_OfHundred_IsTheWholeRange()
    {
        float[] values = ThresholdMethodContractTests.Gauss(1000, 1);
        Assert.Equal(new ValueRange(values.Min(), values.Max()), Compute(values, 100));
    }

    [Theory]
    [InlineData(90)]
    [InlineData(99)]
    [InlineData(99.9)]
    public void Compute_TakesTheOrderStatisticOfEachEnd(double percentile)
    {
        float[] values = ThresholdMethodContractTests.Gauss(20_000, 2);
        float[] sorted = [.. values.Order()];
        int dropped = (int)Math.Round((100 - percentile) / 200 * values.Length);
        var range = Compute(values, percentile);
        Assert.InRange(range.Max, sorted[^(dropped + 1)] * 0.98f, sorted[^(dropped + 1)] * 1.02f);
        Assert.InRange(-range.Min, -sorted[dropped] * 0.98f, -sorted[dropped] * 1.02f);
    }

    [Fact]
    public void Compute_WhenSymmetric_CountsMagnitudes()
    {
        float[] values = [.. Enumerable.Range(1, 1000).Select(i => i % 2 == 0 ? (float)i : -i)];
        var range = method.Compute(
            ThresholdMethodContractTests.StatisticsOf(values), QuantType.Int8, true, new ThresholdSettings(method, new Dictionary<string, double> { ["percentile"] = 90 })).Range;
        Assert.InRange(range.Bound, 890, 910);
    }

    [Theory]
    [InlineData("percentil", 99.0, ErrorCodes.UnknownName)]
    [InlineData("percentile", 101.0, ErrorCodes.InvalidUsage)]
    [InlineData("percentile", double.NaN, ErrorCodes.InvalidUsage)]
    public void Settings_WhenWrong_AreRefusedWithACode(string name, double value, string code)
    {
        var error = Assert.Throws<OctetException>(() => new ThresholdSettings(method, new Dictionary<string, double> { [name] = value }));
        Assert.Equal(code, error.Code);
    }

    private ValueRange Compute(float[] values, double percentile)
        => method.Compute(
            ThresholdMethodContractTests.StatisticsOf(values),
            QuantType.UInt8,
            false,
            new ThresholdSettings(method, new Dictionary<string, double> { ["percentile"] = percentile })).Range;
}
