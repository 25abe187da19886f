using System.Collections.Immutable;

namespace Octet.Numerics.Rescaling;

/// <summary>Multipliers of 31 bits with shifts, as TFLite has them.</summary>
/// <param name="Rounding">How products are rounded.</param>
public sealed record MultiplierArithmetic(MultiplierRounding Rounding) : IntegerArithmetic
{
    /// <inheritdoc/>
    public override string Name => "multiplier";

    /// <inheritdoc/>
    public override Rescale? Rescale(float input, ImmutableArray<float> weights, float output)
    {
        double[] factors = [.. weights.Select(w => (double)input * w / output)];
        return factors.All(f => f < 1 << 30) ? MultiplierRescale.Of(factors, Rounding) : null;
    }

    /// <inheritdoc/>
    public override Rescale? Mean(float input, ReadOnlySpan<int> counts, float output, bool isWide = false)
    {
        double[] factors = [.. counts.ToArray().Select(c => (double)input / ((double)output * c))];

        // Once, as TFLite's average pools divide: sums of few values have so few bits that rounding twice would make 1 of 1/4.
        return factors.All(f => f < 1 << 30) ? MultiplierRescale.Of(factors, MultiplierRounding.Single) : null;
    }

    /// <inheritdoc/>
    public override SumRescale? Sum(QuantParams a, QuantParams b, int signB, QuantParams y)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(y);
        int left = MultiplierSum.LeftOf(Math.Max(a.Type.Bits, b.Type.Bits));
        double larger = 2.0 * Math.Max(a.Scale, b.Scale);
        double result = larger / ((1 << left) * (double)y.Scale);
        return result < 1 << 30
            ? new MultiplierSum(a.ZeroPoint, b.ZeroPoint, y.ZeroPoint, One(a.Scale / larger), One(b.Scale / larger), signB, One(result)) { Left = left }
            : null;
    }

    private MultiplierRescale One(double factor) => MultiplierRescale.Of([factor], Rounding);
}
