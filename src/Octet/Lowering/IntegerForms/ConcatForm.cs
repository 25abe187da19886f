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

        var fitting = ImmutableArray.CreateBuilder<IntegerBuffer>();
        foreach (var part in parts)
        {
            var parameters = part!.Params!;
            bool fits = parameters == target.Params && target.Min == parameters.Type.Min && target.Max == parameters.Type.Max;
            fitting.Add(fits ? part : IntegerBuffer.Quantized($"{part.Name} in {target.Buffer.Name}", part.Shape, target.Params));
            if (!fits)
            {
                lowering.Add(new TableStep(node.DisplayName, part, fitting[^1], TableForm.Table(parameters, target.Params, target.Min, target.Max)));
            }
        }

        long axis = node.GetInt("axis", 0);
        lowering.Add(new ConcatStep(node.DisplayName, fitting.ToImmutable(), target.Buffer, (int)(axis < 0 ? axis + target.Buffer.Shape.Rank : axis)), target);
        return null;
    }
}
