using Octet.Graphs;
using Octet.Integers;
using Octet.Integers.Steps;
using Octet.Numerics;

namespace Octet.Lowering.IntegerForms;

/// <summary>Operators that put values elsewhere: the float operator, run on the numbers of the elements, tells which goes where.</summary>
internal sealed class MoveForm : IIntegerForm
{
    // Floats count to here.
    private const long MostElements = 1 << 24;

    /// <inheritdoc/>
    public IReadOnlyList<string> OpTypes { get; } = ["Transpose", "Slice", "Split", "Pad", "DepthToSpace", "SpaceToDepth", "Expand", "Tile", "Gather"];

    /// <inheritdoc/>
    public string? Lower(IntegerLowering lowering, Node node)
    {
        if (lowering.InputOf(node.Input(0)) is not { } x)
        {
            return "its input is not quantized";
        }

        if (node.Inputs.Skip(1).Any(i => i is { IsConstant: false }))
        {
            return "where its values go depends on other values";
        }

        if (node.Is("Pad") && node.GetText("mode", "constant") == "constant" && node.Input(2)?.Constant is { } filling && filling.ToFloats()[0] != 0)
        {
            return "it fills in another value than 0";
        }

        if (x.Count >= MostElements)
        {
            return "it has too many elements";
        }

        foreach (var output in node.Outputs.OfType<Value>())
        {
            // From 1 on: 0 is what a Pad fills in.
            var numbers = Tensor.FromArray([.. Enumerable.Range(1, x.Count).Select(i => (float)i)], x.Shape);
            float[] sources = lowering.Evaluate(node.Inputs[0]!, numbers, output);
            if (!sources.All(s => s == MathF.Truncate(s) && s >= 0 && s <= x.Count))
            {
                return "it does more than to put values elsewhere";
            }

            var y = IntegerBuffer.Quantized(output.Name, lowering.ShapeOf(output), x.Params!);
            lowering.Add(new MoveStep(node.DisplayName, x, y, [.. sources.Select(s => (int)s - 1)], x.Params!.ZeroPoint));
            lowering.Stand(output, y);
        }

        return null;
    }
}
