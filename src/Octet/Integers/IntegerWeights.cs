using System.Collections.Immutable;
using Octet.Numerics;

namespace Octet.Integers;

/// <summary>Integer weights of a layer, a row an output channel, with the biases that the sums begin with.</summary>
public sealed class IntegerWeights
{
    private readonly sbyte[] values;
    private readonly ImmutableArray<int> zeroPoints;

    /// <summary>Makes weights.</summary>
    /// <param name="values">Rows × <paramref name="inner"/>.</param>
    /// <param name="inner">Weights of a row.</param>
    /// <param name="parameters">Their scales and zero points, per tensor or a row.</param>
    /// <param name="bias">One a row, in units of input scale · weight scale; empty for none.</param>
    public IntegerWeights(sbyte[] values, int inner, QuantParams parameters, ImmutableArray<int> bias)
    {
        this.values = values;
        Inner = inner;
        Params = parameters;
        zeroPoints = parameters.ZeroPoints;
        Bias = bias;
    }

    /// <summary>Weights of a row.</summary>
    public int Inner { get; }

    /// <summary>Output channels.</summary>
    public int Rows => values.Length / Inner;

    /// <summary>Scales and zero points.</summary>
    public QuantParams Params { get; }

    /// <summary>What the sums begin with; empty for 0.</summary>
    public ImmutableArray<int> Bias { get; }

    /// <summary>Shifts of the biases, for biases of a scale of their own: positive ones left, negative ones right with the bits dropped. Empty for none.</summary>
    public ImmutableArray<int> BiasShifts { get; init; } = [];

    /// <summary>All weights, row after row.</summary>
    public ReadOnlySpan<sbyte> Values => values;

    /// <summary>The weights of a row.</summary>
    public ReadOnlySpan<sbyte> Row(int row) => values.AsSpan(row * Inner, Inner);

    /// <summary>The zero point of a row.</summary>
    public int ZeroPointOf(int row) => zeroPoints.Length == 1 ? zeroPoints[0] : zeroPoints[row];

    /// <summary>The weights of some taps, in their order.</summary>
    /// <param name="taps">Which.</param>
    /// <param name="all">Taps that a channel has; the weights of a channel lie together.</param>
    public IntegerWeights WithTaps(ReadOnlySpan<int> taps, int all)
    {
        var some = new sbyte[values.Length / all * taps.Length];
        for (int i = 0; i < some.Length; i++)
        {
            some[i] = values[(i / taps.Length * all) + taps[i % taps.Length]];
        }

        return new IntegerWeights(some, Inner / all * taps.Length, Params, Bias) { BiasShifts = BiasShifts };
    }

    /// <summary>What the sum of a row begins with.</summary>
    public int BiasOf(int row)
    {
        int bias = Bias.IsEmpty ? 0 : Bias[row];
        int shift = BiasShifts.IsEmpty ? 0 : BiasShifts[row];
        return shift >= 0 ? bias * (1 << shift) : bias >> -shift;
    }

    /// <summary>bias + Σ (x[k] − zero x)(w[k] − zero w) of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="x">As many values as the row has weights.</param>
    /// <param name="zero">Their zero point.</param>
    public long Sum(int row, ReadOnlySpan<int> x, int zero)
    {
        var w = Row(row);
        int zeroW = ZeroPointOf(row);
        long sum = BiasOf(row);
        for (int k = 0; k < w.Length; k++)
        {
            sum += (long)(x[k] - zero) * (w[k] - zeroW);
        }

        return sum;
    }

    /// <summary>The greatest magnitude that a row's sum can have, its bias included, whatever the input is.</summary>
    /// <param name="row">The row.</param>
    /// <param name="x">Parameters of the input.</param>
    public long Bound(int row, QuantParams x)
    {
        ArgumentNullException.ThrowIfNull(x);
        long low = x.Type.Min - x.ZeroPoint;
        long high = x.Type.Max - x.ZeroPoint;
        long most = BiasOf(row);
        long least = most;
        int zero = ZeroPointOf(row);
        foreach (sbyte value in Row(row))
        {
            long weight = value - zero;
            most += Math.Max(weight * low, weight * high);
            least += Math.Min(weight * low, weight * high);
        }

        return Math.Max(most, -least);
    }
}
