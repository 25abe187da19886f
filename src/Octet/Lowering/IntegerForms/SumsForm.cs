using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Integers;
using Octet.Integers.Steps;
using Octet.Numerics;

namespace Octet.Lowering.IntegerForms;

/// <summary>MatMulInteger and ConvInteger with constant weights: their sums leave as 32-bit integers.</summary>
internal sealed class SumsForm : IIntegerForm
{
    /// <inheritdoc/>
    public IReadOnlyList<string> OpTypes { get; } = ["MatMulInteger", "ConvInteger"];

    /// <inheritdoc/>
    public string? Lower(IntegerLowering lowering, Node node)
    {
        bool isConv = node.Is("ConvInteger");
        if (node.Inputs[1] is not { IsConstant: true, Constant: { Count: > 0 } values } || (!isConv && values.Shape.Rank != 2))
        {
            return isConv ? "its weights are no constant" : "its weights are no constant matrix";
        }

        if (WeightsOf(values, node.Input(3), isConv ? 0 : 1) is not { } weights)
        {
            return "its weights have no constant zero point, or not one for each output";
        }

        if (node.Input(2) is { } given && lowering.ShapeOf(given).Count != 1)
        {
            return "its rows have zero points of their own";
        }

        if (lowering.IntegersOf(node.Inputs[0]!) is not { } x)
        {
            return "its input is a constant";
        }

        var zero = node.Input(2) is { } value ? lowering.IntegersOf(value) ?? Known(value.Constant!) : Known(Tensor.FromArray(lowering.TypeOf(node.Inputs[0]!), new byte[1], default));
        if (!isConv)
        {
            lowering.Add(new DenseSumsStep(node.DisplayName, x, zero, lowering.NewPlain(node.Output), weights));
            return null;
        }

        if (Planes.Of(x.Shape) is not { } from || Planes.Of(lowering.ShapeOf(node.Output)) is not { } to)
        {
            return "it is neither over rows nor over planes";
        }

        var window = WindowForm.Of(node, values.Shape.Dimensions[2..], from, to);
        lowering.Add(new ConvSumsStep(node.DisplayName, x, zero, lowering.NewPlain(node.Output), new Convolution(from, to, window, (int)node.GetInt("group", 1), weights)));
        return null;
    }

    private static IntegerWeights? WeightsOf(Tensor values, Value? zeroPoint, int channelAxis)
    {
        int rows = (int)values.Shape[channelAxis];
        if (zeroPoint is { IsConstant: false } || (zeroPoint?.Constant is { } some && some.Count != 1 && some.Count != rows))
        {
            return null;
        }

        ImmutableArray<int> zeros = [.. (zeroPoint?.Constant is { } constant ? WeightedOperands.Bytes(constant) : WeightedOperands.Bytes(Tensor.FromArray(values.Type, new byte[1], default))).Select(z => (int)z)];
        var parameters = new QuantParams(QuantType.Int8, [.. zeros.Select(_ => 1f)], zeros, zeros.Length == 1 ? null : 0);
        return new IntegerWeights(WeightedOperands.Bytes(values, channelAxis), (int)(values.Count / rows), parameters, []);
    }

    private static IntegerBuffer Known(Tensor zeroPoint) => IntegerBuffer.Known("zero point", default, IntegerBuffer.AsTheyAre(zeroPoint.Type), [.. WeightedOperands.Bytes(zeroPoint).Select(z => (int)z)]);
}
