using Octet.Graphs;
using Octet.Integers.Steps;
using Octet.Numerics.Rescaling;

namespace Octet.Lowering.IntegerForms;

/// <summary>Softmax over the last dimension.</summary>
internal sealed class SoftmaxForm : IIntegerForm
{
    /// <inheritdoc/>
    public IReadOnlyList<string> OpTypes { get; } = ["Softmax"];

    /// <inheritdoc/>
    public string? Lower(IntegerLowering lowering, Node node)
    {
        if (lowering.Arithmetic is FloatArithmetic)
        {
            return "exponentials are floats where factors are";
        }

        if (lowering.InputOf(node.Input(0)) is not { } x || lowering.TargetOf(node) is not { } target)
        {
            return "its input or output are not quantized";
        }

        long axis = node.GetInt("axis", -1);
        if ((axis < 0 ? axis + x.Shape.Rank : axis) != x.Shape.Rank - 1 || x.Shape[-1] > SoftmaxStep.LongestRow)
        {
            return "it is not over the last dimension, or over too long a one";
        }

        const float Unit = 1f / (1 << SoftmaxStep.Bits);
        if (lowering.Arithmetic.Rescale(Unit, [1], target.Params.Scale) is not { } rescale)
        {
            return lowering.NotExpressible;
        }

        double scale = x.Params!.Scale;
        lowering.Add(
            new SoftmaxStep(node.DisplayName, x, target.Buffer, [.. Enumerable.Range(0, 256).Select(d => (int)Math.Round(Math.Exp(-d * scale) * (1 << SoftmaxStep.Bits)))], target.With(rescale)),
            target);
        return null;
    }
}
