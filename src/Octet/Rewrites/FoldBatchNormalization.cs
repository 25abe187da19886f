using Octet.Graphs;

namespace Octet.Rewrites;

/// <summary>
/// Folds a BatchNormalization into the weights of the layer in front of it, or, where that is exact, of the Conv or Gemm behind it:
/// y = γ·(x − μ)/√(σ² + ε) + β of every channel (Ioffe and Szegedy 2015, algorithm 2).
/// </summary>
/// <param name="singlePrecision">
/// True to compute in 32-bit floats what goes into the layer in front, as tools on top of PyTorch do: a last bit decides how a weight rounds that lies
/// half-way between two steps, as the largest ones do where a scale is the largest magnitude / 127.5.
/// </param>
public sealed class FoldBatchNormalization(bool singlePrecision = false) : IRewrite
{
    /// <inheritdoc/>
    public string Name => "fold-batch-normalization";

    /// <inheritdoc/>
    public string Description => "Batch normalizations become part of the weights of the convolution or Gemm before or behind them";

    /// <inheritdoc/>
    public int Apply(RewriteContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int changes = 0;
        foreach (var node in context.Graph.AllNodes)
        {
            if (AffineOf(node) is { } affine && (FoldIntoProducer(node, affine) || FoldIntoReader(node, affine)))
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

    private bool FoldIntoProducer(Node norm, ChannelAffine affine)
    {
        if (norm.Inputs[0] is not { Producer: { } layer } input || !input.HasOneReader() || layer.Graph != norm.Graph
            || !AffineFolding.IsFoldable(layer) || AffineFolding.OutputChannels(layer) != affine.Channels
            || !(singlePrecision ? FoldInSingle(norm, layer) : AffineFolding.FoldBehind(layer, affine)))
        {
            return false;
        }

        Merging.TakeOver(layer, norm);
        return true;
    }

    private static bool FoldInSingle(Node norm, Node layer)
    {
        float epsilon = norm.GetFloat("epsilon", 1e-5f);
        float[][] parameters = [.. Enumerable.Range(1, 4).Select(i => norm.Inputs[i]!.Constant!.ToFloats())];
        return AffineFolding.FoldBehindInSingle(layer, parameters[0], parameters[2], [.. parameters[3].Select(variance => MathF.Sqrt(variance + epsilon))], parameters[1]);
    }

    private static bool FoldIntoReader(Node norm, ChannelAffine affine)
    {
        if (!norm.Output.HasOneReader() || norm.Output.Uses[0] is not { Index: 0, Node: var layer }
            || !AffineFolding.IsFoldable(layer) || !AffineFolding.FoldBefore(layer, affine))
        {
            return false;
        }

        Merging.TakeOverInput(layer, 0, norm, norm.Inputs[0]!);
        return true;
    }

    /// <summary>What a node does to every channel; null where it is no batch normalization, or one that computes its statistics itself.</summary>
    internal static ChannelAffine? AffineOf(Node node)
    {
        if (!node.Is("BatchNormalization") || node.Outputs.Count(o => o is not null) != 1 || node.GetInt("training_mode", 0) != 0
            || node.GetInt("spatial", 1) == 0 || node.Input(0) is null || !Enumerable.Range(1, 4).All(i => node.Input(i).IsFloatConstant()))
        {
            return null;
        }

        double epsilon = node.GetFloat("epsilon", 1e-5f);
        float[][] parameters = [.. Enumerable.Range(1, 4).Select(i => node.Inputs[i]!.Constant!.ToFloats())];
        var (gamma, beta, mean, variance) = (parameters[0], parameters[1], parameters[2], parameters[3]);
        if (parameters.Any(p => p.Length != gamma.Length))
        {
            return null;
        }

        double[] scale = [.. gamma.Zip(variance, (g, v) => g / Math.Sqrt(v + epsilon))];
        double[] shift = [.. beta.Select((b, c) => b - mean[c] * scale[c])];
        return scale.Concat(shift).All(double.IsFinite) ? new ChannelAffine(scale, shift) : null;
    }
}
