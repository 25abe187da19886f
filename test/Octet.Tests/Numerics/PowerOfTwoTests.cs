using Octet.Numerics;

namespace Octet.Tests.Numerics;

public sealed class PowerOfTwoTests
{
    [Theory]
    [InlineData(1f, 1f)]
    [InlineData(1.0000001f, 2f)]
    [InlineData(2f / 255, 1f / 64)]
    [InlineData(2f, 2f)]
    [InlineData(255f * 2 / 255 + 1e-6f, 4f)]
    [InlineData(1e-40f, 1.469368e-39f / 8)]
    [InlineData(float.MaxValue, 1.7014118e38f)]
    public void AtLeast_GivesTheNextPowerAndNoOther(float scale, float expected)
    {
        float power = PowerOfTwo.AtLeast(scale);
        Assert.Equal(expected, power);
        Assert.Equal(power, MathF.ScaleB(1, Math.ILogB(power)));
    }
}
