using Octet.Graphs;
using Octet.Integers.Steps;

namespace Octet.Lowering.IntegerForms;

/// <summary>Softmax over any dimension; before operator set 13 over all dimensions from its axis on.</summary>
internal sealed class SoftmaxForm : IIntegerForm
{
    /// <inheritdoc/>
    public IReadOnlyList<string> OpTypes { get; } = ["Softmax"];

    /// <inheritdoc/>
    public string? Lower(IntegerLowering lowering, Node node)
    {
        if (lowering.InputOf(node.Input(0)) is not { } x || lowering.TargetOf(node) is not { } target)
        {
            return "its input or output are not quantized";
        }

        bool isOld = lowering.OperatorSet < 13;
        int axis = (int)node.GetInt("axis", isOld ? 1 : -1);
        axis = axis < 0 ? axis + x.Shape.Rank : axis;
        int trailing = (int)x.Shape.CountAfter(axis);
        int length = (int)x.Shape[axis] * (isOld ? trailing : 1);
        if (lowering.Arithmetic.Softmax(x.Params!.Scale, length, target.Params, target.Min, target.Max, x.IsWide ? 16 : 8) is not { } shares)
        {
            return $"{lowering.NotExpressible}, or its {length} values are too many";
        }

        lowering.Add(new SoftmaxStep(node.DisplayName, x, target.Buffer, length, shares) { Trailing = isOld ? 1 : trailing }, target);
        return null;
    }
}
