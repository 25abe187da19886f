using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Octet.Calibration;
using Octet.Numerics;

namespace Octet.Tests.Calibration;

public sealed class ValueRangeTests
{
    [Fact]
    public void ToQuantParams_WhenAsymmetric_SpansTheRangeWithZeroExact()
    {
        Assert.Equal(new QuantParams(QuantType.UInt8, 6f / 255, 0), new ValueRange(0, 6).ToQuantParams(QuantType.UInt8, false));
        Assert.Equal(new QuantParams(QuantType.Int8, 6f / 255, -128), new ValueRange(0, 6).ToQuantParams(QuantType.Int8, false));
        Assert.Equal(new QuantParams(QuantType.UInt8, 3f / 255, 85), new ValueRange(-1, 2).ToQuantParams(QuantType.UInt8, false));
    }

    [Fact]
    public void ToQuantParams_WhenSymmetric_PutsZeroInTheMiddle()
    {
        Assert.Equal(new QuantParams(QuantType.Int8, 4f / 127, 0), new ValueRange(-4, 1).ToQuantParams(QuantType.Int8, true));
        Assert.Equal(new QuantParams(QuantType.UInt8, 4f / 127, 128), new ValueRange(-4, 1).ToQuantParams(QuantType.UInt8, true));
    }

    [Fact]
    public void ToQuantParams_OfNothing_HasScaleOne()
    {
        Assert.Equal(new QuantParams(QuantType.UInt8, 1, 0), default(ValueRange).ToQuantParams(QuantType.UInt8, false));
        Assert.Equal(new QuantParams(QuantType.Int8, 1, 0), new ValueRange(-1e-42f, 1e-42f).ToQuantParams(QuantType.Int8, true));
    }

    [Fact]
    public void ToQuantParams_OfARangeThatIsNotFinite_IsRefused()
    {
        Assert.Throws<InvalidOperationException>(() => new ValueRange(0, float.PositiveInfinity).ToQuantParams(QuantType.Int8, true));
    }

    [Fact]
    public void ToQuantParams_OfTheLargestFloats_StaysFinite()
    {
        Assert.True(float.IsFinite(new ValueRange(float.MinValue, float.MaxValue).ToQuantParams(QuantType.UInt8, false).Scale));
    }

    [Property]
    public Property ToQuantParams_HoldsBothEndsWithinAStep(NormalFloat a, NormalFloat b)
        => (Math.Abs(a.Get) < 1e30 && Math.Abs(b.Get) < 1e30 && Math.Max(Math.Abs(a.Get), Math.Abs(b.Get)) > 1e-30).Implies(() =>
        {
            var range = new ValueRange((float)Math.Min(a.Get, b.Get), (float)Math.Max(a.Get, b.Get)).WithZero();
            var parameters = range.ToQuantParams(QuantType.UInt8, false);
            float step = parameters.Scale * 0.501f;
            return Math.Abs(parameters.Dequantize(parameters.Quantize(range.Min)) - range.Min) <= step
                && Math.Abs(parameters.Dequantize(parameters.Quantize(range.Max)) - range.Max) <= step
                && parameters.Dequantize(parameters.Quantize(0)) == 0;
        });
}
