using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Integers;
using Octet.Integers.Steps;

namespace Octet.Lowering.IntegerForms;

/// <summary>Concat; parts of another scale than the whole go through a table first.</summary>
internal sealed class ConcatForm : IIntegerForm
{
    /// <inheritdoc/>
    public IReadOnlyList<string> OpTypes { get; } = ["Concat"];

    /// <inheritdoc/>
    public string? Lower(IntegerLowering lowering, Node node)
    {
        IntegerBuffer?[] parts = [.. node.Inputs.Select(lowering.InputOf)];
        if (parts.Any(p => p is null) || lowering.TargetOf(node) is not { } target)
        {
            return "its inputs or output are not quantized";
        }

        ImmutableArray<IntegerBuffer> fitting = [.. parts.Select(p => target.Fitting(lowering, node, p!))];
        long axis = node.GetInt("axis", 0);
        lowering.Add(new ConcatStep(node.DisplayName, fitting, target.Buffer, (int)(axis < 0 ? axis + target.Buffer.Shape.Rank : axis)), target);
        return null;
    }
}
