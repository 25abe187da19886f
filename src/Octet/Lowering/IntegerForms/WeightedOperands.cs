using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Integers;
using Octet.Numerics;
using Octet.Numerics.Rescaling;

namespace Octet.Lowering.IntegerForms;

/// <summary>What a layer with constant weights needs.</summary>
/// <param name="X">The activations.</param>
/// <param name="Weights">Weights and biases.</param>
internal sealed record WeightedOperands(IntegerBuffer X, IntegerWeights Weights)
{
    /// <summary>Where the result goes; null where floats leave the layer.</summary>
    public IntegerTarget? Target { get; private init; }

    /// <summary>What becomes of sums; null where floats leave the layer.</summary>
    public Requantize? Requantize { get; private init; }

    /// <summary>Reads a layer.</summary>
    /// <param name="lowering">Knows the tensors.</param>
    /// <param name="node">Conv, Gemm or MatMul.</param>
    /// <param name="channelAxis">The axis of output channels in the weights, 0 or the last.</param>
    /// <param name="whyNot">Why there are none.</param>
    public static WeightedOperands? Of(IntegerLowering lowering, Node node, int channelAxis, out string whyNot)
        => Of(lowering, node, lowering.ConstantBehind(node.Input(1)), channelAxis, out whyNot);

    /// <summary>Reads a layer whose weights were put in another order.</summary>
    /// <param name="lowering">Knows the tensors.</param>
    /// <param name="node">The layer.</param>
    /// <param name="constant">Its weights; null where they are not quantized constants.</param>
    /// <param name="channelAxis">The axis of output channels in the weights, 0 or the last.</param>
    /// <param name="whyNot">Why there are none.</param>
    public static WeightedOperands? Of(IntegerLowering lowering, Node node, (Tensor Values, QuantParams Params)? constant, int channelAxis, out string whyNot)
    {
        whyNot = "its input or weights are not quantized";
        if (lowering.InputOf(node.Input(0)) is not { } x || constant is not ({ } values, { } parameters))
        {
            return null;
        }

        if (parameters.Type.Bits > 8)
        {
            whyNot = FormattableString.Invariant($"its weights have {parameters.Type.Bits} bits");
            return null;
        }

        if (parameters.Axis is { } axis && axis != channelAxis)
        {
            whyNot = $"its weights have scales along axis {axis}";
            return null;
        }

        int rows = (int)values.Shape[channelAxis];
        sbyte[] bytes = Bytes(values, channelAxis);
        if (Bias(lowering, node.Input(2), x.Params!, parameters, rows) is not { } real)
        {
            whyNot = "its bias is no constant vector";
            return null;
        }

        if (lowering.Arithmetic is Bm1684Arithmetic && lowering.TargetOf(node) is { } chip)
        {
            return OfChip(x, bytes, rows, parameters, real, chip, out whyNot);
        }

        if (real.Any(b => b is < int.MinValue or > int.MaxValue))
        {
            whyNot = "its biases do not fit 32 bits in units of its sums";
            return null;
        }

        var (bias, shifts) = lowering.Arithmetic is ShiftArithmetic { BiasBits: < 32 and var bits } ? Shifted(real, bits) : ([.. real.Select(Nearest)], []);
        var weights = new IntegerWeights(bytes, bytes.Length / rows, parameters, bias) { BiasShifts = shifts };
        var target = lowering.TargetOf(node);
        var rescale = target is null ? null : lowering.Arithmetic.Rescale(x.Params!.Scale, parameters.Scales, target.Params.Scale);
        if (target is not null && rescale is null)
        {
            whyNot = lowering.NotExpressible;
            return null;
        }

        if (TooLong(weights, x, rescale) is { } tooLong)
        {
            whyNot = tooLong;
            return null;
        }

        return new WeightedOperands(x, weights) { Target = target, Requantize = rescale is null ? null : target!.With(rescale) };
    }

    // The weights are rounded anew with the factor inside.
    private static WeightedOperands? OfChip(IntegerBuffer x, sbyte[] bytes, int rows, QuantParams parameters, ImmutableArray<double> bias, IntegerTarget target, out string whyNot)
    {
        whyNot = "it has values of 16 bits, and arithmetic bm1684 those of 8";
        if (x.IsWide || target.Buffer.IsWide)
        {
            return null;
        }

        whyNot = "its input and output have zero points, which arithmetic bm1684 has not";
        if (x.Params!.ZeroPoint != 0 || target.Params.ZeroPoint != 0)
        {
            return null;
        }

        var (input, output) = ((double)x.Params.Scale, (double)target.Params.Scale);
        int inner = bytes.Length / rows;
        double ScaleOf(int row) => parameters.Scales[parameters.Axis is null ? 0 : row];
        int ZeroOf(int row) => parameters.ZeroPoints[parameters.Axis is null ? 0 : row];
        var layer = Bm1684Arithmetic.Layer(
            [.. bytes.Chunk(inner).Select((row, n) => row.Select(w => (w - ZeroOf(n)) * ScaleOf(n)).ToArray())],
            [.. bias.Select((b, n) => b * input * ScaleOf(n))],
            input,
            output,
            parameters.Axis is not null);
        var scales = layer.Rescale.Shifts.Select(s => (float)(Math.ScaleB(output, -s) / input));
        var own = new QuantParams(QuantType.Int8, [.. scales], [.. scales.Select(_ => 0)], parameters.Axis is null ? null : 0);
        var weights = new IntegerWeights([.. layer.Weights], inner, own, layer.Biases);
        if (TooLong(weights, x, layer.Rescale) is { } tooLong)
        {
            whyNot = tooLong;
            return null;
        }

        return new WeightedOperands(x, weights) { Target = target, Requantize = target.With(layer.Rescale) };
    }

    private static string? TooLong(IntegerWeights weights, IntegerBuffer x, Rescale? rescale)
        => Enumerable.Range(0, weights.Rows).Select(row => IntegerLowering.TooLong(FormattableString.Invariant($"the sums of output channel {row}"), weights.Bound(row, x.Params!), x.IsWide, rescale)).FirstOrDefault(r => r is not null);

    /// <summary>Weights as rows of output channels; unsigned bytes less 128, as their zero points are held.</summary>
    /// <param name="values">Integers of at most 8 bits.</param>
    /// <param name="channelAxis">The axis of output channels, 0 or the last.</param>
    public static sbyte[] Bytes(Tensor values, int channelAxis)
    {
        sbyte[] all = Bytes(values);
        if (channelAxis == 0)
        {
            return all;
        }

        var result = new sbyte[all.Length];
        int rows = (int)values.Shape[channelAxis];
        int inner = all.Length / rows;
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = all[(i % inner * rows) + (i / inner)];
        }

        return result;
    }

    /// <summary>Integers in their order; unsigned bytes less 128.</summary>
    /// <param name="values">Integers of at most 8 bits.</param>
    public static sbyte[] Bytes(Tensor values)
    {
        int less = IntegerBuffer.Offset(values.Type);
        return [.. values.ToInt64s().Select(v => (sbyte)(v - less))];
    }

    // Biases with fraction bits of their own: as many as the sums have, less those that keep them from fitting.
    private static (ImmutableArray<int> Bias, ImmutableArray<int> Shifts) Shifted(ImmutableArray<double> real, int bits)
    {
        double most = Math.ScaleB(1, bits - 1) - 1;
        int[] shifts = [.. real.Select(b =>
        {
            int shift = 0;
            while (Math.Abs(Math.Round(Math.ScaleB(b, -shift), MidpointRounding.ToEven)) > most)
            {
                shift++;
            }

            return shift;
        })];
        return ([.. real.Select((b, row) => Nearest(Math.ScaleB(b, -shifts[row])))], [.. shifts]);
    }

    // In units of the sums; null where it is none that can be added to them.
    private static ImmutableArray<double>? Bias(IntegerLowering lowering, Value? value, QuantParams x, QuantParams w, int rows)
    {
        if (value is null)
        {
            return [];
        }

        double ScaleOf(int row) => x.Scale * w.Scales[w.Scales.Length == 1 ? 0 : row];
        if (lowering.ConstantBehind(value) is ({ } integers, { } own) && integers.Count == rows)
        {
            // What has the scale of the sums is added as it is.
            long[] all = integers.ToInt64s();
            return [.. all.Select((b, row) =>
            {
                int at = own.Scales.Length == 1 ? 0 : row;
                double scale = own.Scales[at];
                return (float)ScaleOf(row) == (float)scale ? b - own.ZeroPoints[at] : (b - own.ZeroPoints[at]) * scale / ScaleOf(row);
            })];
        }

        return value is { IsConstant: true, Constant: var constant } && constant!.Type == ElementType.Float32 && constant.Count == rows
            ? [.. constant.ToFloats().Select((b, row) => b / ScaleOf(row))]
            : null;
    }

    private static int Nearest(double value) => (int)Math.Clamp(Math.Round(value, MidpointRounding.ToEven), int.MinValue, int.MaxValue);
}
