using Octet.Graphs;
using Octet.Integers;
using Octet.Integers.Steps;

namespace Octet.Lowering.IntegerForms;

/// <summary>MaxPool and AveragePool over one or two dimensions.</summary>
internal sealed class PoolForm : IIntegerForm
{
    /// <inheritdoc/>
    public IReadOnlyList<string> OpTypes { get; } = ["MaxPool", "AveragePool"];

    /// <inheritdoc/>
    public string? Lower(IntegerLowering lowering, Node node)
    {
        var shape = lowering.ShapeOf(node.Output);
        if (lowering.InputOf(node.Input(0)) is not { } x)
        {
            return "its input is not quantized";
        }

        if (Planes.Of(x.Shape) is not { } from || Planes.Of(shape) is not { } to)
        {
            return "it is neither over rows nor over planes";
        }

        var window = WindowForm.Of(node, node.GetInts("kernel_shape"), from, to);
        if (node.OpType == "MaxPool")
        {
            if (node.Outputs.Length > 1)
            {
                return "it tells where the greatest values lie";
            }

            var y = IntegerBuffer.Quantized(node.Output.Name, shape, x.Params!);
            lowering.Add(new MaxPoolStep(node.DisplayName, x, y, window));
            lowering.Stand(node.Output, y);
            return null;
        }

        bool countsPadding = node.GetInt("count_include_pad", 0) != 0 && node.GetInts("pads").Any(p => p != 0);
        if (countsPadding && node.GetInt("ceil_mode", 0) != 0)
        {
            return "windows beyond its padding count less than whole";
        }

        if (lowering.TargetOf(node) is not { } target)
        {
            return "its output is not quantized";
        }

        // Without padding every window is whole, but for those that ceil_mode lets stand over.
        bool isWhole = countsPadding || (node.GetInts("pads").All(p => p == 0) && node.GetText("auto_pad", "NOTSET") is "NOTSET" or "VALID" && node.GetInt("ceil_mode", 0) == 0);
        int[] taps = isWhole ? [window.Taps] : [.. Enumerable.Range(1, window.Taps)];
        if (lowering.Arithmetic.Mean(x.Params!.Scale, taps, target.Params.Scale, x.IsWide) is not { } rescale)
        {
            return lowering.NotExpressible;
        }

        if (IntegerLowering.TooLong("its sums", (long)window.Taps * x.Reach, x.IsWide, rescale) is { } tooLong)
        {
            return tooLong;
        }

        lowering.Add(new AveragePoolStep(node.DisplayName, x, target.Buffer, window, target.With(rescale)), target);
        return null;
    }
}
