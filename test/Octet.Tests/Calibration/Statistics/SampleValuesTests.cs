using Octet.Calibration;
using Octet.Calibration.Statistics;
using Octet.Numerics;

namespace Octet.Tests.Calibration.Statistics;

public sealed class SampleValuesTests
{
    /// <summary>Values of many shapes of distribution: clamped ones, of one sign, of few levels, with extremes, denormals or nothing but zeros.</summary>
    public static TheoryData<string> Kinds() => [.. Distributions.Keys];

    private static Dictionary<string, Func<Random, float>> Distributions { get; } = new(StringComparer.Ordinal)
    {
        ["uniform"] = r => (float)r.NextDouble() - 0.3f,
        ["clamped"] = r => Math.Clamp((float)(r.NextDouble() - 0.5) * 20, 0, 6),
        ["positive"] = r => 1 + (float)r.NextDouble(),
        ["negative"] = r => -1 - (float)r.NextDouble(),
        ["levels"] = r => r.Next(-3, 4),
        ["wide"] = r => (float)Math.ScaleB(r.NextDouble() - 0.5, r.Next(-30, 30)),
        ["zeros"] = r => r.Next(2) == 0 ? 0 : -0f,
        ["denormals"] = r => r.Next(-2, 3) * float.Epsilon,
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Sorted_IsThePlaceInTheSortedOrder(string kind)
    {
        foreach (var (values, random) in Samples(kind))
        {
            float[] sorted = [.. values.Order().Select(v => v + 0f)];
            using var sample = new SampleValues(0, values, new Shape([values.Length]));
            Counted(sample, random);
            for (int i = 0; i < 20; i++)
            {
                int place = (int)(values.Length * Math.Pow(random.NextDouble(), 4));
                place = Math.Min(values.Length - 1, random.Next(2) == 0 ? place : values.Length - 1 - place);
                Assert.Equal(BitConverter.SingleToInt32Bits(sorted[Math.Max(0, place)]), BitConverter.SingleToInt32Bits(sample.Sorted(Math.Max(0, place))));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Largest_AreTheLargestAboveTheBound(string kind)
    {
        foreach (var (values, random) in Samples(kind))
        {
            using var sample = new SampleValues(0, values, new Shape([values.Length]));
            Counted(sample, random);
            for (int i = 0; i < 10; i++)
            {
                int kept = random.Next(1, 200);
                int sign = random.Next(2) == 0 ? 1 : -1;
                float above = random.Next(3) == 0 ? float.NegativeInfinity : (values[random.Next(values.Length)] * sign) + 0f;
                float[] expected = [.. values.Select(v => (v * sign) + 0f).Where(v => v > above).OrderDescending().Take(kept)];
                Assert.Equal(expected, sample.Largest(kept, above, sign).ToArray().OrderDescending());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void NonZeroAndExtremes_AreThoseOfTheValues(string kind)
    {
        foreach (var (values, random) in Samples(kind))
        {
            using var sample = new SampleValues(0, values, new Shape([values.Length]));
            Counted(sample, random);
            Assert.Equal(values.Where(v => v != 0), sample.NonZero.ToArray());
            Assert.Equal((values.Min() + 0f, values.Max() + 0f), sample.Extremes);
        }
    }

    [Fact]
    public void Values_OneInsideAnother_DoNotShareWhatIsFound()
    {
        using var outer = new SampleValues(0, [3, 0, 1], new Shape([3]));
        var found = outer.NonZero;
        using (var inner = new SampleValues(1, [9, 8, 7, 0], new Shape([4])))
        {
            Assert.Equal([9, 8, 7], inner.NonZero.ToArray());
        }

        Assert.Equal([3, 1], found.ToArray());
        Assert.Equal((0, 3), outer.Extremes);
    }

    private static void Counted(SampleValues sample, Random random)
    {
        if (random.Next(2) == 0)
        {
            sample.CountInto(new LogLinearHistogram());
        }
    }

    private static IEnumerable<(float[] Values, Random Random)> Samples(string kind)
    {
        for (int seed = 0; seed < 30; seed++)
        {
            var random = new Random(seed);
            yield return ([.. Enumerable.Range(0, random.Next(1, seed % 2 == 0 ? 40 : 5000)).Select(_ => Distributions[kind](random))], random);
        }
    }
}
