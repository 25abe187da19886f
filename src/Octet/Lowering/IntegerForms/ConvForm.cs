using Octet.Graphs;
using Octet.Integers;
using Octet.Integers.Steps;

namespace Octet.Lowering.IntegerForms;

/// <summary>Conv over one or two dimensions.</summary>
internal sealed class ConvForm : IIntegerForm
{
    /// <inheritdoc/>
    public IReadOnlyList<string> OpTypes { get; } = ["Conv"];

    /// <inheritdoc/>
    public string? Lower(IntegerLowering lowering, Node node)
    {
        if (WeightedOperands.Of(lowering, node, 0, out string whyNot) is not { } operands)
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

        var window = WindowForm.Of(node, lowering.ShapeOf(node.Inputs[1]!).Dimensions[2..], from, to);
        lowering.Add(new ConvStep(node.DisplayName, operands.X, target.Buffer, window, (int)node.GetInt("group", 1), operands.Weights, operands.Requantize!), target);
        return null;
    }
}
