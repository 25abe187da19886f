using Octet.Graphs;
using Octet.Integers.Steps;

namespace Octet.Lowering.IntegerForms;

/// <summary>Add and Sub.</summary>
internal sealed class SumForm : IIntegerForm
{
    /// <inheritdoc/>
    public IReadOnlyList<string> OpTypes { get; } = ["Add", "Sub"];

    /// <inheritdoc/>
    public string? Lower(IntegerLowering lowering, Node node)
    {
        if (lowering.InputOf(node.Input(0)) is not { } a || lowering.InputOf(node.Input(1)) is not { } b || lowering.TargetOf(node) is not { } target)
        {
            return "its inputs or output are not quantized";
        }

        if (lowering.Arithmetic.Sum(a.Params!, b.Params!, node.OpType == "Add" ? 1 : -1, target.Params) is not { } sum)
        {
            return lowering.NotExpressible;
        }

        lowering.Add(new AddStep(node.DisplayName, a, b, target.Buffer, sum, target.Min, target.Max), target);
        return null;
    }
}
