using System.Runtime.Intrinsics.X86;
using FsCheck.Xunit;
using Octet.Calibration;

namespace Octet.Tests.Calibration;

public sealed class LogLinearHistogramTests
{
    private static readonly float[] Specials =
    [
        0f, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, -float.Epsilon, 1e-40f, -3e-39f,
        float.MaxValue, float.MinValue, 1f, -1f, 6f, BitConverter.UInt32BitsToSingle(1u << 17), BitConverter.UInt32BitsToSingle((1u << 17) - 1),
    ];

    public static TheoryData<HistogramPath> FastPaths() => Avx512F.IsSupported
        ? [HistogramPath.Automatic, HistogramPath.Vector128, HistogramPath.Avx512]
        : [HistogramPath.Automatic, HistogramPath.Vector128];

    [Theory]
    [MemberData(nameof(FastPaths))]
    public void Add_OnEveryPath_CountsAsTheScalarOne(HistogramPath path)
    {
        var random = new Random(5);
        for (int round = 0; round < 400; round++)
        {
            float[] values = RandomValues(random, random.Next(1, 700), specials: round % 4);
            var expected = new LogLinearHistogram();
            var actual = new LogLinearHistogram();
            for (int repeat = 0; repeat < 2; repeat++)
            {
                expected.Add(values, HistogramPath.Scalar);
                actual.Add(values, path);
            }

            AssertSame(expected, actual);
        }
    }

    [Theory]
    [MemberData(nameof(FastPaths))]
    public void Add_WhenABinExceedsTheBuffers_LosesNothing(HistogramPath path)
    {
        float[] values = new float[100_003];
        values.AsSpan(0, 60_000).Fill(3f);
        values[^1] = -2f;
        var histogram = new LogLinearHistogram();
        histogram.Add(values, path);
        Assert.Equal<HistogramBin>([new HistogramBin(-2, -2, 1), new HistogramBin(0, 0, 40_002), new HistogramBin(3, 3, 60_000)], histogram.Bins());
    }

    [Property]
    public void Merge_OfParts_IsTheHistogramOfTheWhole(float[] first, float[] second)
    {
        var merged = LogLinearHistogram.Of(second);
        merged.Merge(LogLinearHistogram.Of(first));
        AssertSame(LogLinearHistogram.Of([.. first, .. second]), merged);
    }

    [Fact]
    public void Add_FromSeveralThreads_GivesTheSameCounts()
    {
        var random = new Random(7);
        float[][] parts = [.. Enumerable.Range(0, 40).Select(_ => RandomValues(random, 5_000, specials: 1))];
        var expected = new LogLinearHistogram();
        foreach (float[] part in parts)
        {
            expected.Add(part);
        }

        var actual = new LogLinearHistogram();
        Parallel.ForEach(parts.Reverse(), part => actual.Add(part));
        AssertSame(expected, actual);
    }

    [Fact]
    public void Bins_AreAscendingNarrowAndHoldEveryValue()
    {
        var random = new Random(3);
        float[] values = RandomValues(random, 20_000, specials: 0);
        var bins = LogLinearHistogram.Of(values).Bins();
        Assert.Equal(values.Length, bins.Sum(b => b.Count));
        for (int i = 0; i < bins.Length; i++)
        {
            var bin = bins[i];
            Assert.True(bin.Low <= bin.High);
            Assert.True(bin.High - bin.Low <= Math.Max(Math.Abs(bin.Low), Math.Abs(bin.High)) / 64);
            Assert.True(i == 0 || bins[i - 1].High <= bin.Low);
        }

        foreach (var bin in bins.Where((_, i) => i % 50 == 0 && i > 0 && i < bins.Length - 1))
        {
            long inside = bin.Low >= 0 ? values.Count(v => v >= bin.Low && v < bin.High) : values.Count(v => v > bin.Low && v <= bin.High);
            Assert.Equal(bin.Low == bin.High ? values.Count(v => v == bin.Low) : inside, bin.Count);
        }
    }

    [Fact]
    public void Bins_OfAConstant_AreThatValue()
    {
        Assert.Equal<HistogramBin>([new HistogramBin(6, 6, 3)], LogLinearHistogram.Of([6, 6, 6]).Bins());
    }

    [Fact]
    public void Empty_HasNoBinsAndZeroExtremes()
    {
        var histogram = LogLinearHistogram.Of([float.NaN, float.NegativeInfinity]);
        Assert.True(histogram.IsEmpty);
        Assert.Empty(histogram.Bins());
        Assert.Equal((0f, 0f), (histogram.Min, histogram.Max));
        Assert.Equal((1, 0, 1), (histogram.NaNCount, histogram.PositiveInfinityCount, histogram.NegativeInfinityCount));
    }

    internal static float[] RandomValues(Random random, int count, int specials)
    {
        float spread = MathF.Pow(2, random.Next(-20, 20));
        double zeros = random.NextDouble();
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = random.NextDouble() < zeros ? 0 : spread * (float)Math.Tan(Math.PI * (random.NextDouble() - 0.5));
        }

        for (int i = 0; i < specials; i++)
        {
            values[random.Next(count)] = Specials[random.Next(Specials.Length)];
        }

        return values;
    }

    private static void AssertSame(LogLinearHistogram expected, LogLinearHistogram actual)
    {
        Assert.Equal<HistogramBin>(expected.Bins(), actual.Bins());
        Assert.Equal((expected.Count, expected.ZeroCount, expected.NaNCount), (actual.Count, actual.ZeroCount, actual.NaNCount));
        Assert.Equal((expected.PositiveInfinityCount, expected.NegativeInfinityCount), (actual.PositiveInfinityCount, actual.NegativeInfinityCount));
        Assert.Equal(BitConverter.SingleToUInt32Bits(expected.Min), BitConverter.SingleToUInt32Bits(actual.Min));
        Assert.Equal(BitConverter.SingleToUInt32Bits(expected.Max), BitConverter.SingleToUInt32Bits(actual.Max));
    }
}
