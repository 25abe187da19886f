using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Integers.Steps;
using Octet.Numerics;

namespace Octet.Lowering.IntegerForms;

/// <summary>Functions of one value: a table of what the float operator gives for each of the 256.</summary>
internal sealed class TableForm : IIntegerForm
{
    /// <inheritdoc/>
    public IReadOnlyList<string> OpTypes { get; } =
    [
        "Relu", "Clip", "LeakyRelu", "PRelu", "Sigmoid", "HardSigmoid", "HardSwish", "Tanh", "Gelu", "Elu", "Selu", "Softplus", "Softsign", "Erf", "Exp", "Abs", "Neg", "Sqrt", "Mish",
    ];

    /// <summary>The table from one scale to another, within bounds.</summary>
    public static ImmutableArray<sbyte> Table(QuantParams from, QuantParams to, int min = sbyte.MinValue, int max = sbyte.MaxValue)
        => [.. Arguments(from).Select(v => (sbyte)Math.Clamp(to.Quantize(v), min, max))];

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

        int tables = x.Shape.Rank == 0 ? 1 : (int)ones[axis];
        float[] arguments = Arguments(x.Params!);
        var shape = x.Shape.Rank == 0 ? new Shape(TableStep.Size) : new Shape([.. ones[..^1], TableStep.Size]);
        float[] results = lowering.Evaluate(node.Inputs[0]!, Tensor.FromArray([.. Enumerable.Range(0, tables).SelectMany(_ => arguments)], shape), node.Output);
        lowering.Add(new TableStep(node.DisplayName, x, target.Buffer, [.. results.Select(v => (sbyte)Math.Clamp(target.Params.Quantize(v), target.Min, target.Max))], axis), target);
        return null;
    }

    private static float[] Arguments(QuantParams parameters) => [.. Enumerable.Range(sbyte.MinValue, TableStep.Size).Select(q => parameters.Dequantize(q))];
}
