using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Integers;
using Octet.Integers.Steps;
using Octet.Numerics;

namespace Octet.Lowering.IntegerForms;

/// <summary>Functions of one value: a table of what the float operator gives for each of the 256, or 65,536.</summary>
internal sealed class TableForm : IIntegerForm
{
    /// <inheritdoc/>
    public IReadOnlyList<string> OpTypes { get; } =
    [
        "Relu", "Clip", "LeakyRelu", "PRelu", "Sigmoid", "HardSigmoid", "HardSwish", "Tanh", "Gelu", "Elu", "Selu", "Softplus", "Softsign", "Erf", "Exp", "Abs", "Neg", "Sqrt", "Mish",
    ];

    /// <summary>The table from one scale to another, of 8 bits both.</summary>
    public static ImmutableArray<sbyte> Table(QuantParams from, QuantParams to) => [.. Arguments(from).Select(v => (sbyte)to.Quantize(v))];

    /// <summary>The step from one scale to another, within bounds.</summary>
    public static IntegerStep Step(string name, IntegerBuffer x, IntegerBuffer y, int min, int max) => Step(name, x, y, Arguments(x.Params!), min, max);

    /// <inheritdoc/>
    public string? Lower(IntegerLowering lowering, Node node)
    {
        if (lowering.InputOf(node.Input(0)) is not { } x || lowering.TargetOf(node) is not { } target)
        {
            return "its input or output are not quantized";
        }

        if (node.Inputs.Skip(1).Any(i => i is { IsConstant: false }) || x.Shape != target.Buffer.Shape)
        {
            return "it depends on more than one value";
        }

        // A slope a channel makes a table a channel.
        long[] ones = [.. Enumerable.Repeat(1L, x.Shape.Rank)];
        var slope = node.Is("PRelu") ? node.Inputs[1]!.Constant!.Shape : default;
        int axis = 0;
        for (int d = 0; d < slope.Rank; d++)
        {
            if (slope[d] != 1)
            {
                if (axis > 0 || d + x.Shape.Rank - slope.Rank is not (> 0 and var at) || at == x.Shape.Rank - 1)
                {
                    return "its slopes differ along more than one axis";
                }

                axis = at;
                ones[axis] = slope[d];
            }
        }

        if (axis > 0 && (x.IsWide || target.Buffer.IsWide))
        {
            return "its channels differ, and values of 16 bits have one table";
        }

        int tables = x.Shape.Rank == 0 ? 1 : (int)ones[axis];
        float[] arguments = Arguments(x.Params!);
        var shape = x.Shape.Rank == 0 ? new Shape(arguments.Length) : new Shape([.. ones[..^1], arguments.Length]);
        float[] results = lowering.Evaluate(node.Inputs[0]!, Tensor.FromArray([.. Enumerable.Range(0, tables).SelectMany(_ => arguments)], shape), node.Output);
        lowering.Add(Step(node.DisplayName, x, target.Buffer, results, target.Min, target.Max, axis), target);
        return null;
    }

    private static IntegerStep Step(string name, IntegerBuffer x, IntegerBuffer y, float[] results, int min, int max, int axis = 0)
    {
        var integers = results.Select(v => Math.Clamp(y.Params!.Quantize(v), min, max));
        return x.IsWide || y.IsWide ? new WideTableStep(name, x, y, [.. integers.Select(v => (short)v)]) : new TableStep(name, x, y, [.. integers.Select(v => (sbyte)v)], axis);
    }

    private static float[] Arguments(QuantParams parameters)
    {
        var type = parameters.Type.Bits > 8 ? QuantType.Int16 : QuantType.Int8;
        return [.. Enumerable.Range(type.Min, type.Max - type.Min + 1).Select(q => parameters.Dequantize(q))];
    }
}
