using FsCheck.Xunit;
using Octet.Numerics;

namespace Octet.Tests.Numerics;

public sealed class PairSafeRoundingTests
{
    [Property]
    public void Of_AnyWeights_KeepsEveryPairWithinSixteenBits(float[] weights, byte left, byte right)
    {
        float[] finite = [.. weights.Where(float.IsFinite), 1];
        var values = PairSafeRounding.Of(Rows(1, finite), safe: true).Values;
        for (int i = 0; i + 1 < values.Length; i += 2)
        {
            Assert.InRange((left * values[i]) + (right * values[i + 1]), short.MinValue, short.MaxValue);
            Assert.InRange((255 * values[i]) + (255 * values[i + 1]), short.MinValue, short.MaxValue);
        }
    }

    [Fact]
    public void Of_NeighboursOfOneSign_LimitsThemAndTellsIt()
    {
        var rounding = PairSafeRounding.Of(Rows(2, [1, 0.98f, 0.5f, -1, 1, -1, 1, 0.001f]), safe: true);
        Assert.Equal(1, rounding.TouchedRows);
        Assert.Equal([127, -127, 127, 0], rounding.Values[4..].Select(v => (int)v));
        Assert.InRange(rounding.Values[0] + rounding.Values[1], 120, 128);
    }

    [Fact]
    public void Of_WeightsWhenNothingIsToBeAvoided_RoundsToTheNearest()
    {
        var rounding = PairSafeRounding.Of(Rows(1, [1, 0.99f, 0, -0.5f]), safe: false);
        Assert.Equal([127, 126, 0, -64], rounding.Values.Select(v => (int)v));
        Assert.Equal(1f / 127, rounding.Scales[0]);
        Assert.Equal(0, rounding.TouchedRows);
    }

    [Fact]
    public void Of_GaussianWeights_CostsLittle()
    {
        var random = new Random(5);
        float[] weights = [.. Enumerable.Range(0, 64 * 256).Select(_ => (float)((random.NextDouble() + random.NextDouble() + random.NextDouble() + random.NextDouble() - 2) * (1 + random.NextDouble())))];
        Assert.InRange(Error(safe: true) / Error(safe: false), 1, 2);

        double Error(bool safe)
        {
            var rounding = PairSafeRounding.Of(Rows(64, weights), safe);
            return weights.Select((w, i) => Math.Pow(w - (rounding.Values[i] * rounding.Scales[i / 256]), 2)).Sum();
        }
    }

    private static ChannelRows Rows(int rows, float[] values) => new(Tensor.FromArray(values, new Shape(rows, values.Length / rows)), 0);
}
