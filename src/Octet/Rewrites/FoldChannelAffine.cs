using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Rewrites;

/// <summary>
/// Folds the addition, subtraction, multiplication or division of a constant for every channel into the weights and bias of the Conv,
/// ConvTranspose or Gemm before it or, where that is exact, behind it. A chain folds node by node.
/// </summary>
public sealed class FoldChannelAffine : IRewrite
{
    /// <inheritdoc/>
    public string Name => "fold-channel-affine";

    /// <inheritdoc/>
    public string Description => "Additions and multiplications of a constant for every channel become part of the weights and bias of the layer before or behind them";

    /// <inheritdoc/>
    public int Apply(RewriteContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int changes = 0;
        foreach (var node in context.Graph.AllNodes)
        {
            if (ChannelSteps.OperandsOf(node) is var (data, constant, dataFirst)
                && (FoldIntoProducer(node, data, constant, dataFirst) || FoldIntoReader(node, data, constant, dataFirst, context)))
            {
                changes++;
            }
        }

        if (changes > 0)
        {
            context.Graph.RemoveUnused();
        }

        return changes;
    }

    private static bool FoldIntoProducer(Node node, Value data, Tensor constant, bool dataFirst)
    {
        if (data.Producer is not { } layer || !data.HasOneReader() || layer.Graph != node.Graph || !AffineFolding.IsFoldable(layer)
            || ChannelSteps.PerChannel(constant, Rank(layer), AffineFolding.OutputChannels(layer)) is not { } values
            || !AffineFolding.FoldBehind(layer, ChannelSteps.AffineOf(node, values, dataFirst)))
        {
            return false;
        }

        Merging.TakeOver(layer, node);
        return true;
    }

    // Only where the constant does not enlarge what it is added to: the layer then reads another shape.
    private static bool FoldIntoReader(Node node, Value data, Tensor constant, bool dataFirst, RewriteContext context)
    {
        if (!node.Output.HasOneReader() || node.Output.Uses[0] is not { Index: 0, Node: var layer } || !AffineFolding.IsFoldable(layer)
            || context.TypeOf(data)?.Dimensions is not { } dimensions || dimensions.Length != Rank(layer) || dimensions[1].Size is not (> 0 and <= int.MaxValue)
            || ChannelSteps.PerChannel(constant, Rank(layer), (int)dimensions[1].Size!.Value) is not { } values
            || !AffineFolding.FoldBefore(layer, ChannelSteps.AffineOf(node, values, dataFirst)))
        {
            return false;
        }

        Merging.TakeOverInput(layer, 0, node, data);
        return true;
    }

    private static int Rank(Node layer) => layer.Inputs[1]!.Constant!.Shape.Rank;
}
