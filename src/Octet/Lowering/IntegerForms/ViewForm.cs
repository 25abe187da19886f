using Octet.Graphs;

namespace Octet.Lowering.IntegerForms;

/// <summary>Operators that leave the values as they lie.</summary>
internal sealed class ViewForm : IIntegerForm
{
    /// <inheritdoc/>
    public IReadOnlyList<string> OpTypes { get; } = ["Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Dropout"];

    /// <inheritdoc/>
    public string? Lower(IntegerLowering lowering, Node node)
    {
        if (lowering.InputOf(node.Input(0)) is not { } x)
        {
            return "its input is not quantized";
        }

        lowering.Stand(node.Output, x.View(node.Output.Name, lowering.ShapeOf(node.Output)));
        return null;
    }
}
