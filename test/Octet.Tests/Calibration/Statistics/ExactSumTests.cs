using System.Numerics;
using Octet.Calibration.Statistics;

namespace Octet.Tests.Calibration.Statistics;

public sealed class ExactSumTests
{
    private static readonly double[] Values =
        [.. Enumerable.Range(0, 500).Select(i => Math.ScaleB(new Random(i).NextDouble() - 0.5, new Random(-i).Next(-300, 300))), 1e300, -1e300, double.Epsilon, -double.Epsilon, 0, -0.0];

    [Fact]
    public void ToDouble_AgreesWithRationalArithmetic()
    {
        var scaled = Values.Aggregate(BigInteger.Zero, (sum, v) => sum + Fixed(v));
        double expected = Math.ScaleB((double)(scaled >> 200), 200 - 1074);
        double found = Of(Values).ToDouble();
        Assert.Equal(expected, found, Math.Abs(expected) * 1e-15);
    }

    [Fact]
    public void ToDouble_WhenAllCancels_IsZero() => Assert.Equal(0, Of([.. Values, .. Values.Select(v => -v)]).ToDouble());

    [Fact]
    public void Write_WhateverTheOrder_GivesTheSameBytes()
    {
        byte[] expected = Bytes(Of(Values));
        double[] shuffled = [.. Values];
        new Random(1).Shuffle(shuffled);
        Assert.Equal(expected, Bytes(Of(shuffled)));
        var merged = Of(shuffled[..100]);
        merged.Add(Of(shuffled[100..]));
        Assert.Equal(expected, Bytes(merged));
        double[] negative = [.. Values.Select(v => -v)];
        var reversed = Of(negative[300..]);
        reversed.Add(Of(negative[..300]));
        Assert.Equal(Bytes(Of(negative)), Bytes(reversed));
    }

    [Fact]
    public void Add_OfWhatIsNotFinite_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new ExactSum().Add(double.NaN));

    private static BigInteger Fixed(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF);
        BigInteger mantissa = (bits & 0xF_FFFF_FFFF_FFFF) | (exponent > 0 ? 1L << 52 : 0);
        return (mantissa << (Math.Max(exponent, 1) - 1)) * Math.Sign(value);
    }

    private static ExactSum Of(IEnumerable<double> values)
    {
        var sum = new ExactSum();
        foreach (double value in values)
        {
            sum.Add(value);
        }

        return sum;
    }

    private static byte[] Bytes(ExactSum sum)
    {
        var writer = new StatisticWriter();
        sum.Write(writer);
        return writer.Written.ToArray();
    }
}
