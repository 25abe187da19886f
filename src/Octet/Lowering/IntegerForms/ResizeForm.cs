using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Integers;
using Octet.Integers.Steps;
using Octet.Numerics;

namespace Octet.Lowering.IntegerForms;

/// <summary>Resize: nearest puts values elsewhere, linear computes values between others.</summary>
internal sealed class ResizeForm : IIntegerForm
{
    private readonly MoveForm nearest = new();

    /// <inheritdoc/>
    public IReadOnlyList<string> OpTypes { get; } = ["Resize"];

    /// <inheritdoc/>
    public string? Lower(IntegerLowering lowering, Node node)
    {
        string mode = node.GetText("mode", "nearest");
        if (mode == "nearest")
        {
            return nearest.Lower(lowering, node);
        }

        if (mode != "linear" || node.GetInt("antialias", 0) != 0 || node.GetText("coordinate_transformation_mode", "half_pixel") == "tf_crop_and_resize")
        {
            return "its values depend on more than four others";
        }

        if (lowering.InputOf(node.Input(0)) is not { } x || lowering.TargetOf(node) is not { } target)
        {
            return "its input or output are not quantized";
        }

        if (node.Inputs.Skip(1).Any(i => i is { IsConstant: false }))
        {
            return "where its values lie depends on other values";
        }

        if (Planes.Of(x.Shape) is not { } from || Planes.Of(target.Buffer.Shape) is not { } to || (from.Images, from.Channels) != (to.Images, to.Channels))
        {
            return "it is neither over rows nor over planes";
        }

        if (lowering.Arithmetic.Rescale(1f / (BilinearStep.One * BilinearStep.One), [x.Params!.Scale], target.Params.Scale) is not { } rescale)
        {
            return lowering.NotExpressible;
        }

        if (IntegerLowering.TooLong("its sums", (long)x.Reach * BilinearStep.One * BilinearStep.One, x.IsWide, rescale) is { } tooLong)
        {
            return tooLong;
        }

        var rows = Places(i => i / from.Width % from.Height, from.Height - 1, to.Height, to.Width);
        var columns = Places(i => i % from.Width, from.Width - 1, to.Width, 1);
        lowering.Add(new BilinearStep(node.DisplayName, x, target.Buffer, rows, columns, target.With(rescale)), target);
        return null;

        // The float operator on planes whose values are the numbers of their rows, or columns, tells where those of the result lie.
        ImmutableArray<int> Places(Func<int, int> number, int most, int count, int stride)
        {
            var numbers = Tensor.FromArray([.. Enumerable.Range(0, x.Count).Select(i => (float)number(i))], x.Shape);
            float[] places = lowering.Evaluate(node.Inputs[0]!, numbers, node.Output);
            return [.. Enumerable.Range(0, count).Select(i => (int)MathF.Round(Math.Clamp(places[i * stride], 0, most) * BilinearStep.One))];
        }
    }
}
