using Octet.Graphs;
using Octet.Integers;
using Octet.Integers.Steps;

namespace Octet.Lowering.IntegerForms;

/// <summary>Max and Min: quantization keeps the order of values, so that those of another scale than the result go through a table first.</summary>
internal sealed class ExtremumForm : IIntegerForm
{
    /// <inheritdoc/>
    public IReadOnlyList<string> OpTypes { get; } = ["Max", "Min"];

    /// <inheritdoc/>
    public string? Lower(IntegerLowering lowering, Node node)
    {
        IntegerBuffer?[] operands = [.. node.Inputs.Select(lowering.InputOf)];
        if (operands.Length < 2 || operands.Any(o => o is null) || lowering.TargetOf(node) is not { } target)
        {
            return "its inputs or output are not quantized";
        }

        IntegerBuffer[] fitting = [.. operands.Select(o => target.Fitting(lowering, node, o!))];
        var all = fitting[0];
        for (int i = 1; i < fitting.Length; i++)
        {
            bool isLast = i == fitting.Length - 1;
            var y = isLast ? target.Buffer : IntegerBuffer.Quantized($"{target.Buffer.Name} of {i + 1}", Broadcast.Common(all.Shape, fitting[i].Shape), target.Params);
            lowering.Add(new ExtremumStep(node.DisplayName, all, fitting[i], y, node.Is("Max")), isLast ? target : null);
            all = y;
        }

        return null;
    }
}
