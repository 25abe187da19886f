using Octet.Numerics;
using Octet.Numerics.Rescaling;

namespace Octet.Tests.Numerics.Rescaling;

/// <summary>The formulas of tpu-mlir's lowering, by hand: there are no recorded numbers.</summary>
public sealed class Bm1684ArithmeticTests
{
    private readonly Bm1684Arithmetic arithmetic = new();

    [Fact]
    public void Layer_DoublesItsWeightsWhileTheyStayBelow127()
    {
        // The greatest is 1.5: 1.5 · 2⁶ = 96, and once more would be 192.
        var layer = Bm1684Arithmetic.Layer([[0.5, -0.75], [0.1, 0.01]], [2, -1], input: 0.2, output: 0.1, perChannel: false);
        Assert.Equal([6], layer.Rescale.Shifts.AsEnumerable());
        Assert.Equal([64, -96, 13, 1], layer.Weights.Select(w => (int)w));
        Assert.Equal([1280, -640], layer.Biases.AsEnumerable());
        Assert.Equal(ShiftRounding.HalfUp, layer.Rescale.Rounding);
    }

    [Fact]
    public void Layer_PerChannel_HasAShiftForEachRow()
    {
        var layer = Bm1684Arithmetic.Layer([[0.5, -0.75], [0.1, 0.01]], [], 0.2, 0.1, perChannel: true);
        Assert.Equal([6, 9], layer.Rescale.Shifts.AsEnumerable());
        Assert.Equal([64, -96, 102, 10], layer.Weights.Select(w => (int)w));
    }

    [Theory]
    [InlineData(100, 3, 9)]
    [InlineData(100, 4, 6)]
    public void Layer_WhoseBiasesExceed16Bits_ShiftsLess_UnlessTheyAreThreePercent(int rows, int large, int shift)
    {
        // 0.2 · 2⁹ = 102; a bias of 500 exceeds 16 bits from 2⁷ on.
        double[] biases = [.. Enumerable.Range(0, rows).Select(n => n < large ? 500.0 : 1)];
        var layer = Bm1684Arithmetic.Layer([.. Enumerable.Range(0, rows).Select(_ => new[] { 0.2 })], biases, 1, 1, perChannel: false);
        Assert.Equal([shift], layer.Rescale.Shifts.AsEnumerable());
        Assert.Equal(shift == 9 ? short.MaxValue : 500 << shift, layer.Biases[0]);
    }

    [Fact]
    public void Layer_OfLargeWeights_SaturatesThem()
        => Assert.Equal((127, -128, 0), Bm1684Arithmetic.Layer([[200, -300]], [], 1, 1, perChannel: false) is var l ? (l.Weights[0], l.Weights[1], l.Rescale.Shifts[0]) : default);

    [Fact]
    public void Mean_OfNine_IsTheReciprocalThatTheSourceGives()
    {
        var mean = Assert.IsType<ProductShiftRescale>(arithmetic.Mean(1, [9], 1));
        Assert.Equal(57.0 / 512, mean.Factor(0));
        Assert.Null(arithmetic.Mean(1, [226], 1));
        Assert.NotNull(arithmetic.Mean(1, [225], 1));
    }

    [Fact]
    public void Sum_MultipliesAndShiftsEachByItself()
    {
        // 0.5: 64 · 2⁻⁷, since 128 would be too many; 1.25: 80 · 2⁻⁶.
        var (a, b, y) = (new QuantParams(QuantType.Int8, 0.5f, 0), new QuantParams(QuantType.Int8, 1.25f, 0), new QuantParams(QuantType.Int8, 1, 0));
        var sum = Assert.IsType<ProductShiftSum>(arithmetic.Sum(a, b, -1, y));
        Assert.Equal((64, 7, -80, 6), (sum.A.Multipliers[0], sum.A.Shifts[0], sum.B.Multipliers[0], sum.B.Shifts[0]));
        Assert.Equal(2 - 4, sum.Apply(3, 3));
        Assert.Null(arithmetic.Sum(a, b, 1, new QuantParams(QuantType.Int8, 1, 3)));
        Assert.Null(arithmetic.Sum(a, b, 1, new QuantParams(QuantType.Int8, 0.001f, 0)));
    }
}
