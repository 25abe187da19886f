using System.Numerics;
using Octet.Numerics.Rescaling;

namespace Octet.Tests.Numerics.Rescaling;

public sealed class RescaleTests
{
    [Theory]
    [InlineData(ShiftRounding.Floor)]
    [InlineData(ShiftRounding.HalfUp)]
    [InlineData(ShiftRounding.HalfDown)]
    [InlineData(ShiftRounding.HalfAway)]
    [InlineData(ShiftRounding.HalfEven)]
    public void Right_IsTheRoundedQuotient(ShiftRounding rounding)
    {
        var random = new Random(1);
        for (int i = 0; i < 100_000; i++)
        {
            int shift = random.Next(-8, 20);
            long value = random.Next(-4096, 4096) * (i % 2 == 0 ? 1L : 256);

            // Doubles hold all of these exactly.
            double exact = Math.ScaleB(value, -shift);
            double expected = rounding switch
            {
                ShiftRounding.Floor => Math.Floor(exact),
                ShiftRounding.HalfUp => Math.Floor(exact + 0.5),
                ShiftRounding.HalfDown => Math.Ceiling(exact - 0.5),
                ShiftRounding.HalfAway => Math.Round(exact, MidpointRounding.AwayFromZero),
                _ => Math.Round(exact, MidpointRounding.ToEven),
            };
            Assert.Equal((long)expected, RoundingShift.Right(value, shift, rounding));
        }
    }

    [Theory]
    [InlineData(MultiplierRounding.Single)]
    [InlineData(MultiplierRounding.Double)]
    [InlineData(MultiplierRounding.DoubleHalfUp)]
    public void Multiplier_RoundsAsItsFormulaSays(MultiplierRounding rounding)
    {
        var random = new Random(2);
        for (int i = 0; i < 100_000; i++)
        {
            double factor = Math.ScaleB(1 + random.NextDouble(), random.Next(-20, 3));
            var rescale = MultiplierRescale.Of([factor], rounding);
            int sum = (int)(random.NextInt64(-1L << 31, 1L << 31) >> random.Next(0, 24));
            Assert.Equal((int)BigInteger.Max(int.MinValue, BigInteger.Min(int.MaxValue, Expected(sum, rescale, rounding))), rescale.Apply(sum, 0));
            Assert.Equal(factor, rescale.Factor(0), factor * 1e-9);
        }
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.5, 1 << 30, 0)]
    [InlineData(1, 1 << 30, 1)]
    [InlineData(0.99999999999, 1 << 30, 1)]
    [InlineData(1e-12, 0, 0)]
    public void Multiplier_OfAFactor_IsNormalized(double factor, int multiplier, int shift)
    {
        var rescale = MultiplierRescale.Of([factor], MultiplierRounding.Single);
        Assert.Equal((multiplier, shift), (rescale.Multipliers[0], rescale.Shifts[0]));
    }

    [Fact]
    public void Float_RoundsHalvesToEvenAndSaturates()
    {
        var rescale = new FloatRescale([0.5f, 1e30f]);
        Assert.Equal(2, rescale.Apply(5, 0));
        Assert.Equal(4, rescale.Apply(7, 0));
        Assert.Equal(-2, rescale.Apply(-5, 0));
        Assert.Equal(int.MaxValue, rescale.Apply(1, 1));
        Assert.Equal(int.MinValue, rescale.Apply(-1, 1));
    }

    [Fact]
    public void Shift_OfAMean_IsTheNearestMeanForAllSums()
    {
        foreach (int count in new[] { 1, 2, 3, 7, 49, 64, 100, 1024, 3000 })
        {
            var mean = new ShiftArithmetic(ShiftRounding.HalfEven).Mean(1, [count], 1)!;
            for (int sum = -128 * count; sum <= 127 * count; sum++)
            {
                double exact = (double)sum / count;
                int found = mean.Apply(sum, 0);

                // The multiplier is off by half a unit at most, which moves the mean by no more than this.
                Assert.True(int.IsPow2(count) ? found == Math.Round(exact, MidpointRounding.ToEven) : Math.Abs(found - exact) < 0.5 + (8e-6 * count), $"{sum} / {count}: {found}");
            }
        }
    }

    [Theory]
    [InlineData(MultiplierRounding.Single)]
    [InlineData(MultiplierRounding.Double)]
    [InlineData(MultiplierRounding.DoubleHalfUp)]
    public void Multiplier_OfAMean_IsTheNearestMeanForAllSums(MultiplierRounding rounding)
    {
        foreach (int count in new[] { 1, 2, 3, 4, 9, 49, 64, 1000 })
        {
            var mean = new MultiplierArithmetic(rounding).Mean(1, [count], 1)!;
            for (int sum = -128 * count; sum <= 127 * count; sum++)
            {
                double exact = (double)sum / count;
                int found = mean.Apply(sum, 0);

                // 31 bits hold powers of two exactly, and then halves go up; else a half may fall to either side.
                Assert.True(int.IsPow2(count) ? found == Math.Floor(exact + 0.5) : Math.Abs(found - exact) <= 0.5, $"{sum} / {count}: {found}");
            }
        }
    }

    private static BigInteger Expected(int sum, MultiplierRescale rescale, MultiplierRounding rounding)
    {
        BigInteger product = sum;
        var (multiplier, shift) = (rescale.Multipliers[0], rescale.Shifts[0]);
        if (rounding == MultiplierRounding.Single)
        {
            return FloorDivide((product * multiplier) + (BigInteger.One << (30 - shift)), 31 - shift);
        }

        var left = shift > 0 ? BigInteger.Max(int.MinValue, BigInteger.Min(int.MaxValue, product << shift)) : product;
        var high = FloorDivide((left * multiplier) + (BigInteger.One << 30), 31);
        if (shift >= 0)
        {
            return high;
        }

        // RoundingDivideByPOT of gemmlowp adds one more where a negative number lies on a half.
        var half = BigInteger.One << (-shift - 1);
        bool away = rounding == MultiplierRounding.Double && high < 0;
        return away ? -FloorDivide(-high + half, -shift) : FloorDivide(high + half, -shift);
    }

    private static BigInteger FloorDivide(BigInteger value, int shift) => value >> shift;
}
