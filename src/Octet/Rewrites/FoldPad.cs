using System.Collections.Immutable;
using Octet.Graphs;

namespace Octet.Rewrites;

/// <summary>
/// Makes a border of zeros part of the padding of the Conv, AveragePool or MaxPool that reads it. Exact for Conv; for AveragePool where its
/// own border counts or is none; for MaxPool, whose own border counts as −∞, where no value is negative and every window sees a value.
/// </summary>
public sealed class FoldPad : IRewrite
{
    /// <inheritdoc/>
    public string Name => "fold-pad";

    /// <inheritdoc/>
    public string Description => "Borders of zeros become part of the padding of the convolution or pooling behind them";

    /// <inheritdoc/>
    public int Apply(RewriteContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int changes = 0;
        foreach (var pad in context.Graph.AllNodes.Where(n => n.Is("Pad") && n.Input(0) is not null))
        {
            if (SpatialWidths(pad) is not { } widths)
            {
                continue;
            }

            foreach (var use in pad.Output.Uses.ToArray().Where(u => u.Index == 0 && CanTake(u.Node, pad, widths)))
            {
                Take(use.Node, pad, widths);
                changes++;
            }

            if (pad.Output is { Uses.Count: 0, IsOutput: false })
            {
                pad.Graph.Remove(pad);
            }
        }

        return changes;
    }

    /// <summary>Widths before and behind every spatial axis; null where the node does not add zeros, and to spatial axes only.</summary>
    private static ImmutableArray<long>? SpatialWidths(Node pad)
    {
        if (pad.GetText("mode", "constant") != "constant" || pad.Input(1) is not { IsConstant: true } widths || pad.Input(3) is not null
            || (pad.Input(2) is { } value && (!value.IsConstant || value.Constant!.ToFloats().Any(v => v != 0))))
        {
            return null;
        }

        long[] all = widths.Constant!.ToInt64s();
        int rank = all.Length / 2;
        bool spatialOnly = rank > 2 && all.All(w => w >= 0) && new[] { 0, 1, rank, rank + 1 }.All(i => all[i] == 0);
        return spatialOnly ? [.. all[2..rank], .. all[(rank + 2)..]] : null;
    }

    private static bool CanTake(Node node, Node pad, ImmutableArray<long> widths)
    {
        var own = node.GetInts("pads");
        if (node.GetText("auto_pad", "NOTSET") is not ("NOTSET" or "VALID") || (!own.IsEmpty && own.Length != widths.Length))
        {
            return false;
        }

        bool windowsSeeValues = node.GetInts("kernel_shape") is var kernel && kernel.Length * 2 == widths.Length && node.GetInt("ceil_mode", 0) == 0
            && Sum(own, widths).Select((w, i) => w < kernel[i % kernel.Length]).All(fits => fits);
        return (node.Is("Conv") && Rank(node) is var rank && (rank is null || (rank - 2) * 2 == widths.Length))
            || (node.Is("AveragePool") && windowsSeeValues && (own.All(w => w == 0) || node.GetInt("count_include_pad", 0) != 0))
            || (node.Is("MaxPool") && windowsSeeValues && node.Outputs.Skip(1).All(o => o is null) && node.GetInts("dilations").All(d => d == 1) && IsNeverNegative(pad.Inputs[0]!));
    }

    private static void Take(Node node, Node pad, ImmutableArray<long> widths)
    {
        node.SetAttribute("pads", new AttributeValue.Ints(Sum(node.GetInts("pads"), widths)));
        node.RemoveAttribute("auto_pad");
        if (node.Is("AveragePool"))
        {
            node.SetAttribute("count_include_pad", 1);
        }

        node.SetInput(0, pad.Inputs[0]);
        node.Source = [.. pad.Source.Except(node.Source), .. node.Source];
    }

    private static ImmutableArray<long> Sum(ImmutableArray<long> own, ImmutableArray<long> widths)
        => own.IsEmpty ? widths : [.. own.Zip(widths, (a, b) => a + b)];

    private static int? Rank(Node conv) => conv.Input(1)?.Constant?.Shape.Rank;

    private static bool IsNeverNegative(Value value) => value.Producer is { } producer && (producer.Is("Relu") || producer.Is("Sigmoid") || producer.Is("Softmax")
        || (producer.Is("Clip") && producer.Input(1) is { IsConstant: true, Constant: var low } && low!.ToFloats().All(v => v >= 0)));
}
