using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Integers;
using Octet.Integers.Steps;
using Octet.Numerics;

namespace Octet.Lowering.IntegerForms;

/// <summary>ConvTranspose over one or two dimensions: a convolution, with its taps in reverse, over the input with zeros between its values.</summary>
internal sealed class ConvTransposeForm : IIntegerForm
{
    /// <inheritdoc/>
    public IReadOnlyList<string> OpTypes { get; } = ["ConvTranspose"];

    /// <inheritdoc/>
    public string? Lower(IntegerLowering lowering, Node node)
    {
        int groups = (int)node.GetInt("group", 1);
        var constant = lowering.ConstantBehind(node.Input(1));
        if (constant is { Params.Axis: not (null or 1) and var axis })
        {
            return $"its weights have scales along axis {axis}";
        }

        if (WeightedOperands.Of(lowering, node, constant is { } given ? OfConvolution(given.Values, given.Params, groups) : null, 0, out string whyNot) is not { } operands)
        {
            return whyNot;
        }

        if (operands.Target is not { } target)
        {
            return "its output is not quantized";
        }

        if (Planes.Of(operands.X.Shape) is not { } from || Planes.Of(target.Buffer.Shape) is not { } to)
        {
            return "it is neither over rows nor over planes";
        }

        // Its padding is that of the convolution which goes the other way.
        var back = WindowForm.Of(node, lowering.ShapeOf(node.Inputs[1]!).Dimensions[2..], to, from);
        var window = new Window(
            back.Height, back.Width, 1, 1, ((back.Height - 1) * back.DilationY) - back.Top, ((back.Width - 1) * back.DilationX) - back.Left, back.DilationY, back.DilationX)
        {
            SpreadY = back.StrideY,
            SpreadX = back.StrideX,
        };
        lowering.Add(new ConvStep(node.DisplayName, operands.X, target.Buffer, window, groups, operands.Weights, operands.Requantize!), target);
        return null;
    }

    // From inputs × outputs of a group × taps to outputs × inputs of a group × taps in reverse.
    private static (Tensor Values, QuantParams Params) OfConvolution(Tensor values, QuantParams parameters, int groups)
    {
        int inputs = (int)values.Shape[0] / groups;
        int outputs = (int)values.Shape[1];
        int taps = (int)(values.Shape.Count / (values.Shape[0] * outputs));
        sbyte[] all = WeightedOperands.Bytes(values, 0);
        var result = new byte[all.Length];
        int next = 0;
        for (int row = 0; row < groups * outputs; row++)
        {
            var (group, output) = Math.DivRem(row, outputs);
            for (int input = 0; input < inputs; input++)
            {
                for (int tap = taps - 1; tap >= 0; tap--)
                {
                    result[next++] = (byte)all[(((((group * inputs) + input) * outputs) + output) * taps) + tap];
                }
            }
        }

        // Groups share the scales of their outputs.
        var own = parameters.Axis is null
            ? parameters
            : new QuantParams(parameters.Type, Repeated(parameters.Scales), Repeated(parameters.ZeroPoints), 0);
        return (Tensor.FromArray(ElementType.Int8, result, new Shape([groups * outputs, inputs, .. values.Shape.Dimensions[2..]])), own);

        ImmutableArray<TValue> Repeated<TValue>(ImmutableArray<TValue> once) => [.. Enumerable.Repeat(once, groups).SelectMany(v => v)];
    }
}
