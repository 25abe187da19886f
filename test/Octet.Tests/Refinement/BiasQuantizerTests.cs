using FsCheck.Xunit;
using Octet.Refinement;

namespace Octet.Tests.Refinement;

public sealed class BiasQuantizerTests
{
    [Fact]
    public void Quantize_RoundsToEvenInUnitsOfTheProductOfScales()
    {
        var (quantized, scales, limited) = BiasQuantizer.Quantize([1, -1, 0.375], 0.5f, [0.5f, 0.25f, 0.5f]);
        Assert.Equal([4, -8, 2], quantized);
        Assert.Equal([0.25f, 0.125f, 0.25f], scales);
        Assert.Equal(0, limited);
    }

    [Fact]
    public void Quantize_WithOneScale_UsesItForAll() => Assert.Equal([4, -4], BiasQuantizer.Quantize([1, -1], 0.5f, [0.5f]).Quantized);

    [Fact]
    public void Quantize_OfABiasBeyondTheRange_LimitsAndCountsIt()
    {
        var (quantized, _, limited) = BiasQuantizer.Quantize([1e6, -1e6, 1], 1e-3f, [1e-3f, 1e-3f, 1e-3f]);
        Assert.Equal([1 << 30, -(1 << 30), 1_000_000], quantized);
        Assert.Equal(2, limited);
    }

    [Property(MaxTest = 200)]
    public void MinimumScales_AreJustEnough(int seed)
    {
        var random = new Random(seed);
        double bias = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 7));
        float inputScale = (float)Math.Pow(10, (random.NextDouble() * 8) - 6);
        float[] scales = BiasQuantizer.MinimumScales([bias], inputScale);
        var (quantized, _, limited) = BiasQuantizer.Quantize([bias], inputScale, scales);
        Assert.Equal(0, limited);
        Assert.InRange(Math.Abs((double)quantized[0]), 0.9999 * (1 << 30), 1 << 30);
    }

    [Fact]
    public void MinimumScales_OfNoBias_AreZero() => Assert.Equal([0f], BiasQuantizer.MinimumScales([0], 0.1f));

    [Fact]
    public void WhatIsNoNumber_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => BiasQuantizer.Quantize([double.NaN], 1, [1f]));
        Assert.Throws<ArgumentException>(() => BiasQuantizer.MinimumScales([double.PositiveInfinity], 1));
        Assert.Throws<ArgumentException>(() => BiasQuantizer.MinimumScales([1], 0));
        Assert.Throws<ArgumentException>(() => BiasQuantizer.Quantize([1], 1e-30f, [1e-30f]));
    }
}
