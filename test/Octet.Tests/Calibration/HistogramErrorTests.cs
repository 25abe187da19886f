using Octet.Calibration;
using Octet.Numerics;
using Octet.Tests.Calibration.Thresholds;

namespace Octet.Tests.Calibration;

public sealed class HistogramErrorTests
{
    [Theory]
    [InlineData(0.05f, 128)]
    [InlineData(0.01f, 128)]
    [InlineData(0.02f, 30)]
    [InlineData(0.02f, 0)]
    [InlineData(0.02f, 255)]
    [InlineData(1f, 100)]
    public void SquaredError_OfManyValues_IsThatOfTheValuesThemselves(float scale, int zeroPoint)
    {
        float[] values = ThresholdMethodContractTests.Gauss(400_000, 9);
        var parameters = new QuantParams(QuantType.UInt8, scale, zeroPoint);
        double expected = values.Sum(v => Math.Pow(v - parameters.Dequantize(parameters.Quantize(v)), 2));
        double actual = HistogramError.SquaredError(LogLinearHistogram.Of(values), parameters);
        Assert.InRange(actual, expected * 0.99, expected * 1.01);
    }

    [Fact]
    public void SquaredError_AcrossABin_IsTheIntegral()
    {
        // One wide bin of values spread evenly, against a plain sum over fine steps.
        float[] values = [.. Enumerable.Range(0, 64_000).Select(i => 1 + i / 4_096_000f)];
        var histogram = LogLinearHistogram.Of(values);
        Assert.Single(histogram.Bins());
        foreach (float scale in new[] { 0.0001f, 0.001f, 0.01f, 0.3f, 1.5f, 3f })
        {
            var parameters = new QuantParams(new QuantType(16, true), scale, 0);
            double expected = values.Sum(v => Math.Pow(v - parameters.Dequantize(parameters.Quantize(v)), 2));
            double actual = HistogramError.SquaredError(histogram, parameters);
            Assert.InRange(actual, expected * 0.999, expected * 1.001);
        }
    }

    [Fact]
    public void SquaredError_WhenALimitCutsABin_SplitsIt()
    {
        float[] values = [.. Enumerable.Range(0, 64_000).Select(i => 1 + i / 4_096_000f)];
        var parameters = new QuantParams(QuantType.Int8, 1.007f / 127, 0);
        double expected = values.Sum(v => Math.Pow(v - parameters.Dequantize(parameters.Quantize(v)), 2));
        Assert.InRange(HistogramError.SquaredError(LogLinearHistogram.Of(values), parameters), expected * 0.999, expected * 1.001);
    }

    [Fact]
    public void SquaredError_OfAConstantOnTheGrid_IsNothing()
    {
        var parameters = new QuantParams(QuantType.Int8, 0.5f, 0);
        Assert.Equal(0, HistogramError.SquaredError(LogLinearHistogram.Of([3, 3, -7.5f, 0]), parameters), 1e-9);
        Assert.Equal(0.25 * 0.25, HistogramError.SquaredError(LogLinearHistogram.Of([3.25f]), parameters), 1e-12);
    }

    [Fact]
    public void PowerOf_IsTheSumOfSquares()
    {
        float[] values = ThresholdMethodContractTests.Gauss(50_000, 2);
        double expected = values.Sum(v => (double)v * v);
        Assert.InRange(HistogramError.PowerOf(LogLinearHistogram.Of(values)), expected * 0.999, expected * 1.001);
    }

    [Fact]
    public void SquaredError_OfChannelParameters_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => HistogramError.SquaredError(new LogLinearHistogram(), new QuantParams(QuantType.Int8, [1f, 1f], [0, 0], 0)));
    }
}
