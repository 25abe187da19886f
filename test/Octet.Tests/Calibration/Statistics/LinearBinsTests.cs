using Octet.Calibration.Statistics;
using Octet.Numerics;

namespace Octet.Tests.Calibration.Statistics;

/// <summary>Vectors count as one value at a time does, whatever the originals' arithmetic.</summary>
public sealed class LinearBinsTests
{
    [Fact]
    public void Count_IsThatOfOneValueAtATime()
    {
        var random = new Random(1);
        foreach (int length in Enumerable.Range(0, 60).Select(_ => random.Next(3000)).Concat([0, 1, 7, 8, 9, 1024, 1025]))
        {
            float[] values = [.. Enumerable.Range(0, length).Select(_ => Value(random))];
            foreach (var bins in Kinds(random))
            {
                uint[] expected = new uint[bins.Bins + 1];
                foreach (float value in values)
                {
                    expected[bins.BinOf(value)]++;
                }

                using var sample = new SampleValues(0, values, new Shape([length]));
                Assert.Equal(expected[..bins.Bins], sample.CountsIn(bins).ToArray());
            }
        }
    }

    [Theory]
    [InlineData(0.49999997f, 0)]
    [InlineData(0.5f, 1)]
    [InlineData(4194303.5f, 9)]
    [InlineData(float.MaxValue, 9)]
    [InlineData(float.NaN, 9)]
    public void BinOf_RoundedWithoutError_IsThatOfDoubles(float value, int bin)
        => Assert.Equal(bin, new LinearBins(10, 1) { Rounds = true }.BinOf(value));

    [Fact]
    public void Count_OfValuesBeyondTheEnds_StaysInside()
    {
        float[] values = [-1e30f, -5, -1, 2, 5, 1e30f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, -2];
        using var sample = new SampleValues(0, values, new Shape([values.Length]));
        Assert.Equal([5u, 0, 1, 4], sample.CountsIn(new LinearBins(4, 1) { OfMagnitudes = false }).ToArray());
    }

    private static float Value(Random random) => random.Next(6) switch
    {
        0 => 0,
        1 => -0f,
        2 => 6,
        3 => (float)random.NextDouble() * 12 - 6,
        4 => (float)Math.ScaleB(random.NextDouble() - 0.5, random.Next(-140, 120)),
        _ => random.Next(-200, 200) / 32f,
    };

    private static LinearBins[] Kinds(Random random)
    {
        int count = random.Next(1, 300);
        float width = (float)Math.ScaleB(random.NextDouble(), random.Next(-8, 4));
        return
        [
            new LinearBins(count, width),
            new LinearBins(count, 0),
            new LinearBins(count, width) { Shift = 0.5f, Negligible = 0 },
            new LinearBins(count, width) { Negligible = 2.220446e-16f },
            new LinearBins(count, width) { Rounds = true, Negligible = 0 },
            new LinearBins(count, 6) { After = count },
            new LinearBins(count, 12) { OfMagnitudes = false, Start = -6, After = count },
            new LinearBins(count, 12) { OfMagnitudes = false, Start = -6, Before = count },
        ];
    }
}
