using Octet.Analysis;

namespace Octet.Tests.Analysis;

public sealed class LatencyMeterTests
{
    [Fact]
    public void Measure_OfTwoModels_GivesAMedianBetweenItsQuartiles()
    {
        var report = LatencyMeter.Measure(TinyModels.Shifted(0, 0), TinyModels.Shifted(1, 1), TinyModels.Rows([1, 2], [3, 4]), 2, TimeSpan.FromMilliseconds(50));
        Assert.Equal(2, report.Threads);
        Assert.InRange(report.Rounds, 1, 21);
        Assert.All([report.Reference, report.Model], spread =>
        {
            Assert.True(spread.LowerQuartile > 0);
            Assert.InRange(spread.Milliseconds, spread.LowerQuartile, spread.UpperQuartile);
        });
        Assert.Equal(report.Reference.Milliseconds / report.Model.Milliseconds, report.Speedup);
    }

    [Fact]
    public void Measure_Cancelled_Ends() => Assert.ThrowsAny<OperationCanceledException>(() => LatencyMeter.Measure(
        TinyModels.Shifted(0), TinyModels.Shifted(0), TinyModels.Rows([1]), cancellationToken: new CancellationToken(true)));

    [Theory]
    [InlineData(new double[] { 4 }, 4, 4, 4)]
    [InlineData(new double[] { 3, 1, 2 }, 2, 1.5, 2.5)]
    [InlineData(new double[] { 10, 20, 40, 30 }, 25, 17.5, 32.5)]
    public void Spread_IsInterpolatedAsNumPyDoes(double[] values, double median, double lower, double upper)
        => Assert.Equal(new LatencySpread(median, lower, upper), LatencySpread.Of(values));
}
