using Octet.Numerics;
using Octet.Refinement;

namespace Octet.Tests.Refinement;

public sealed class PairSaturationTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(9, 7)]
    [InlineData(16, 8)]
    [InlineData(27, 203)]
    [InlineData(1, 5)]
    public void Count_OfRandomWeights_IsThePlainLoops(int k, int rowCount)
    {
        var random = new Random(k);
        var input = new QuantParams(QuantType.UInt8, 0.25f, 100);
        byte[] stored = new byte[k * rowCount];
        random.NextBytes(stored);
        float[] rows = [.. stored.Select(x => input.Dequantize(x))];
        var pairs = new PairSaturation(rows, k, input);
        for (int channel = 0; channel < 50; channel++)
        {
            int[] weights = [.. Enumerable.Range(0, k).Select(_ => random.Next(-127, 128))];
            Assert.Equal(PlainCount(stored, weights), pairs.Count(weights));
        }
    }

    [Fact]
    public void Range_OfAPair_IsThePlainLoops()
    {
        var random = new Random(3);
        byte[] stored = new byte[2 * 21];
        random.NextBytes(stored);
        var pairs = new PairSaturation([.. stored.Select(x => (float)x)], 2, new QuantParams(QuantType.UInt8, 1, 0));
        int[] sums = [.. stored.Chunk(2).Select(x => (x[0] * -100) + (x[1] * 77))];
        Assert.Equal((sums.Min(), sums.Max()), pairs.Range(0, -100, 77));
    }

    [Fact]
    public void Count_JustWithinAndJustBeyond16Bits_TellsThemApart()
    {
        var input = new QuantParams(QuantType.UInt8, 1, 0);
        Assert.Equal(0, new PairSaturation([255, 255], 2, input).Count([127, 1]));
        Assert.Equal(1, new PairSaturation([255, 255], 2, input).Count([127, 2]));
        Assert.Equal(0, new PairSaturation([255, 255], 2, input).Count([-127, -1]));
        Assert.Equal(1, new PairSaturation([255, 255], 2, input).Count([-127, -2]));
    }

    [Fact]
    public void Padding_WithAZeroPoint_CountsAsTheZeroPoint()
    {
        var input = new QuantParams(QuantType.UInt8, 1, 200);
        Assert.Equal(1, new PairSaturation([0, 0], 2, input).Count([100, 100]));
    }

    [Fact]
    public void Margin_RaisesTheStoredValues()
    {
        var input = new QuantParams(QuantType.UInt8, 1, 0);
        Assert.Equal(0, new PairSaturation([160, 160], 2, input).Count([100, 100]));
        Assert.Equal(1, new PairSaturation([160, 160], 2, input, 0.05).Count([100, 100]));
        Assert.Equal(0, new PairSaturation([250, 250], 2, input, 0.5).Count([64, 64]));
    }

    [Fact]
    public void Activations_OtherThanUInt8_AreRefused()
        => Assert.Throws<ArgumentException>(() => new PairSaturation([1, 1], 2, new QuantParams(QuantType.Int8, 1, 0)));

    private static long PlainCount(byte[] stored, int[] weights)
    {
        long count = 0;
        for (int r = 0; r < stored.Length / weights.Length; r++)
        {
            for (int j = 0; j + 1 < weights.Length; j += 2)
            {
                int sum = (stored[(r * weights.Length) + j] * weights[j]) + (stored[(r * weights.Length) + j + 1] * weights[j + 1]);
                count += sum != Math.Clamp(sum, short.MinValue, short.MaxValue) ? 1 : 0;
            }
        }

        return count;
    }
}
