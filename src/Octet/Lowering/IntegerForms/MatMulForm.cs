using Octet.Graphs;
using Octet.Integers.Steps;

namespace Octet.Lowering.IntegerForms;

/// <summary>MatMul with constant weights of two dimensions, or of two activations.</summary>
internal sealed class MatMulForm : IIntegerForm
{
    /// <inheritdoc/>
    public IReadOnlyList<string> OpTypes { get; } = ["MatMul"];

    /// <inheritdoc/>
    public string? Lower(IntegerLowering lowering, Node node)
    {
        if (lowering.ConstantBehind(node.Input(1)) is { Values.Shape.Rank: 2 })
        {
            return DenseForm.Lower(lowering, node, 1);
        }

        if (lowering.InputOf(node.Input(0)) is not { Shape.Rank: >= 2 } a || lowering.InputOf(node.Input(1)) is not { Shape.Rank: >= 2 } b || lowering.TargetOf(node) is not { } target)
        {
            return "its inputs or output are not quantized";
        }

        if (lowering.Arithmetic.Rescale(a.Params!.Scale, b.Params!.Scales, target.Params.Scale) is not { } rescale)
        {
            return lowering.NotExpressible;
        }

        if (IntegerLowering.TooLong("its sums", a.Shape[-1] * a.Reach * b.Reach, a.IsWide || b.IsWide, rescale) is { } tooLong)
        {
            return tooLong;
        }

        lowering.Add(new MatMulStep(node.DisplayName, a, b, target.Buffer, target.With(rescale)), target);
        return null;
    }
}
