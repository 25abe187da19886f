using System.Collections.Immutable;

namespace Octet.Numerics.Rescaling;

/// <summary>
/// The arithmetic that tpu-mlir lowers to for BM1684-like chips: biases of 16 bits, one right shift behind every sum, multipliers of 8 bits for sums and means.
/// <b>Unverified</b>: no numbers of the chip or of its simulator are recorded; the rounding of the shifts (halves up) is not told by the source for this chip.
/// Source: tpu-mlir, lib/Conversion/TopToTpu/BM1684 (Conv, Add, AvgPool) and lib/Support/MathUtils. Zero points are 0; a scale is threshold / 127.
/// </summary>
public sealed record Bm1684Arithmetic : IntegerArithmetic
{
    /// <summary>Means of more values have no entry in the chip's table of reciprocals.</summary>
    public const int MostMeaned = 225;

    private const ShiftRounding Rounding = ShiftRounding.HalfUp;

    /// <inheritdoc/>
    public override string Name => "bm1684";

    /// <summary>None: products of activations are floats there. Layers with weights are made by <see cref="Layer"/>.</summary>
    public override Rescale? Rescale(float input, ImmutableArray<float> weights, float output) => null;

    /// <inheritdoc/>
    /// <remarks>The chip's reciprocals are for equal scales; where they differ their ratio is part of the multiplier.</remarks>
    public override Rescale? Mean(float input, ReadOnlySpan<int> counts, float output, bool isWide = false)
    {
        (int Multiplier, int Shift)[] all = [.. counts.ToArray().Select(c => Product((double)input / output / c, byte.MaxValue))];
        return isWide || counts.ContainsAnyExceptInRange(1, MostMeaned) || all.Any(p => p.Multiplier == 0 || p.Shift < 0) ? null
            : new ProductShiftRescale([.. all.Select(p => p.Multiplier)], [.. all.Select(p => p.Shift)], Rounding);
    }

    /// <inheritdoc/>
    public override SumRescale? Sum(QuantParams a, QuantParams b, int signB, QuantParams y)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(y);
        var (left, right) = (Product(a.Scale / (double)y.Scale, sbyte.MaxValue), Product(b.Scale / (double)y.Scale, sbyte.MaxValue));
        return Math.Max(Math.Max(a.Type.Bits, b.Type.Bits), y.Type.Bits) > 8 || a.ZeroPoint != 0 || b.ZeroPoint != 0 || y.ZeroPoint != 0 || left.Shift < 0 || right.Shift < 0 ? null
            : new ProductShiftSum(new ProductShiftRescale([left.Multiplier], [left.Shift], Rounding), new ProductShiftRescale([signB * right.Multiplier], [right.Shift], Rounding));
    }

    /// <inheritdoc/>
    /// <remarks>The chip's own software computes softmax with floats.</remarks>
    public override SoftmaxRescale? Softmax(float input, int length, QuantParams y, int min, int max, int bits = 8)
    {
        ArgumentNullException.ThrowIfNull(y);
        var (multiplier, shift) = Product(1 / (double)(1 << IntegerSoftmax.Bits) / y.Scale, byte.MaxValue);
        return bits <= 8 && y.Type.Bits <= 8 && length <= IntegerSoftmax.LongestRow && multiplier > 0 && shift >= 0
            ? IntegerSoftmax.Of(input, new Requantize(new ProductShiftRescale([multiplier], [shift], Rounding), y.ZeroPoint, min, max))
            : null;
    }

    /// <summary>A layer with weights: its weights rounded anew with the factor and the shift inside.</summary>
    /// <param name="weights">Rows of real weights.</param>
    /// <param name="biases">One a row; empty for none.</param>
    /// <param name="input">Scale of the input.</param>
    /// <param name="output">Scale of the output.</param>
    /// <param name="perChannel">Whether every row has a shift of its own.</param>
    public static Bm1684Layer Layer(IReadOnlyList<double[]> weights, IReadOnlyList<double> biases, double input, double output, bool perChannel)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(biases);
        double[] greatest = [.. weights.Select(row => row.Max(Math.Abs) * input / output)];
        int[] shifts = perChannel
            ? [.. greatest.Select((g, row) => ShiftOf(g, biases.Count == 0 ? [] : [biases[row]], output))]
            : [.. Enumerable.Repeat(ShiftOf(greatest.Max(), biases, output), weights.Count)];
        return new Bm1684Layer(
            [.. weights.SelectMany((row, n) => row.Select(w => (sbyte)Math.Clamp(Nearest(w * input / output, shifts[n]), sbyte.MinValue, sbyte.MaxValue)))],
            [.. biases.Select((b, n) => (int)Math.Clamp(Nearest(b / output, shifts[n]), short.MinValue, short.MaxValue))],
            new ShiftRescale(perChannel ? [.. shifts] : [shifts[0]], Rounding));
    }

    // As many doublings as keep the greatest weight below 127, less one; fewer while more than 3 % of the biases exceed 16 bits.
    private static int ShiftOf(double greatest, IReadOnlyList<double> biases, double output)
    {
        int doublings = 0;
        for (double v = greatest; v < sbyte.MaxValue && doublings <= 32; v *= 2)
        {
            doublings++;
        }

        int shift = doublings > 32 ? 31 : Math.Max(doublings - 1, 0);
        while (shift > 0 && biases.Count(b => Nearest(b / output, shift) is < short.MinValue or > short.MaxValue) > 0.03 * biases.Count)
        {
            shift--;
        }

        return shift;
    }

    private static double Nearest(double value, int shift) => Math.Round(Math.ScaleB(value, shift), MidpointRounding.AwayFromZero);

    // A multiplier that is not above the limit, and its right shift.
    private static (int Multiplier, int Shift) Product(double factor, int most)
    {
        int shift = (int)Math.Clamp(Math.Floor(Math.Log2(most / factor)), -1, ShiftRescale.Most);
        return ((int)Math.Min(most, Nearest(factor, shift)), shift);
    }
}
