using Octet.Graphs;
using Octet.Integers.Steps;

namespace Octet.Lowering.IntegerForms;

/// <summary>DynamicQuantizeLinear.</summary>
internal sealed class DynamicQuantizeForm : IIntegerForm
{
    /// <inheritdoc/>
    public IReadOnlyList<string> OpTypes { get; } = ["DynamicQuantizeLinear"];

    /// <inheritdoc/>
    public string? Lower(IntegerLowering lowering, Node node)
    {
        if (node.Outputs is not [{ } y, { } scale, { } zeroPoint])
        {
            return "it gives less than integers, scale and zero point";
        }

        if (lowering.FloatsOf(node.Inputs[0]!) is not { } x)
        {
            return "its input is a constant";
        }

        lowering.Add(new DynamicQuantizeStep(node.DisplayName, x, lowering.NewIntegers(y), lowering.NewPlain(scale), lowering.NewIntegers(zeroPoint)));
        return null;
    }
}
