using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Integers;
using Octet.Integers.Steps;

namespace Octet.Lowering.IntegerForms;

/// <summary>GlobalAveragePool, and ReduceMean over the last dimensions or over others that a transposition brings there.</summary>
internal sealed class MeanForm : IIntegerForm
{
    /// <inheritdoc/>
    public IReadOnlyList<string> OpTypes { get; } = ["GlobalAveragePool", "ReduceMean"];

    /// <inheritdoc/>
    public string? Lower(IntegerLowering lowering, Node node)
    {
        if (lowering.InputOf(node.Input(0)) is not { } x || lowering.TargetOf(node) is not { } target)
        {
            return "its input or output are not quantized";
        }

        if (Axes(node, x.Shape.Rank) is not { } axes)
        {
            return "its axes are not known";
        }

        int inner = (int)(x.Shape.Count / target.Buffer.Shape.Count);
        if (lowering.Arithmetic.Mean(x.Params!.Scale, [inner], target.Params.Scale, x.IsWide) is not { } rescale)
        {
            return lowering.NotExpressible;
        }

        if (IntegerLowering.TooLong("its sums", (long)inner * x.Reach, x.IsWide, rescale) is { } tooLong)
        {
            return tooLong;
        }

        var from = AtTheEnd(lowering, node, x, axes);
        lowering.Add(new MeanStep(node.DisplayName, from, target.Buffer, target.With(rescale)), target);
        return null;
    }

    private static ImmutableArray<int>? Axes(Node node, int rank)
    {
        if (node.Is("GlobalAveragePool"))
        {
            return [.. Enumerable.Range(2, rank - 2)];
        }

        var given = node.Input(1) is { } input ? (input.IsConstant ? [.. input.Constant!.ToInt64s()] : default) : node.GetInts("axes");
        return given.IsDefault ? null
            : given.IsEmpty ? (node.GetInt("noop_with_empty_axes", 0) != 0 ? [] : [.. Enumerable.Range(0, rank)])
            : [.. given.Select(a => (int)(a < 0 ? a + rank : a)).Order()];
    }

    private static IntegerBuffer AtTheEnd(IntegerLowering lowering, Node node, IntegerBuffer x, ImmutableArray<int> axes)
    {
        int[] order = [.. Enumerable.Range(0, x.Shape.Rank).Except(axes), .. axes];
        if (order.Index().All(o => o.Index == o.Item))
        {
            return x;
        }

        var y = IntegerBuffer.Quantized(x.Name + "_transposed", new([.. order.Select(d => x.Shape[d])]), x.Params!);
        lowering.Add(new MoveStep(node.DisplayName, x, y, ChannelsLastProgram.Transposition(x.Shape, order), 0));
        return y;
    }
}
