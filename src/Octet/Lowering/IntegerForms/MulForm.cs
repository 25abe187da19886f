using Octet.Graphs;
using Octet.Integers.Steps;

namespace Octet.Lowering.IntegerForms;

/// <summary>Mul.</summary>
internal sealed class MulForm : IIntegerForm
{
    /// <inheritdoc/>
    public IReadOnlyList<string> OpTypes { get; } = ["Mul"];

    /// <inheritdoc/>
    public string? Lower(IntegerLowering lowering, Node node)
    {
        if (lowering.InputOf(node.Input(0)) is not { } a || lowering.InputOf(node.Input(1)) is not { } b || lowering.TargetOf(node) is not { } target)
        {
            return "its inputs or output are not quantized";
        }

        if (lowering.Arithmetic.Rescale(a.Params!.Scale, b.Params!.Scales, target.Params.Scale) is not { } rescale)
        {
            return lowering.NotExpressible;
        }

        if (IntegerLowering.TooLong("its products", (long)a.Reach * b.Reach, a.IsWide || b.IsWide, rescale) is { } tooLong)
        {
            return tooLong;
        }

        lowering.Add(new MulStep(node.DisplayName, a, b, target.Buffer, target.With(rescale)), target);
        return null;
    }
}
