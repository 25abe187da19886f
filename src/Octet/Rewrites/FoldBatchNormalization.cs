using Octet.Graphs;

namespace Octet.Rewrites;

/// <summary>
/// Folds a BatchNormalization into the weights of the layer in front of it, or, where that is exact, of the Conv or Gemm behind it:
/// y = γ·(x − μ)/√(σ² + ε) + β of every channel (Ioffe and Szegedy 2015, algorithm 2).
/// </summary>
/// <param name="arithmetic">How what goes into the layer in front is computed.</param>
public sealed class FoldBatchNormalization(FoldingArithmetic arithmetic = FoldingArithmetic.Double) : IRewrite
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
            || !(arithmetic == FoldingArithmetic.Double ? AffineFolding.FoldBehind(layer, affine) : FoldInSingle(norm, layer)))
        {
            return false;
        }

        Merging.TakeOver(layer, norm);
        return true;
    }

    private bool FoldInSingle(Node norm, Node layer)
    {
        float epsilon = norm.GetFloat("epsilon", 1e-5f);
        float[][] parameters = [.. Enumerable.Range(1, 4).Select(i => norm.Inputs[i]!.Constant!.ToFloats())];
        var (factors, shifts, means) = (parameters[0], parameters[1], parameters[2]);
        float[] deviations = [.. parameters[3].Select(variance => MathF.Sqrt(variance + epsilon))];
        if (arithmetic == FoldingArithmetic.SingleQuotient)
        {
            return AffineFolding.FoldBehindInSingle(layer, [.. factors.Zip(deviations, (f, d) => f / d)], (b, c) => (factors[c] * (b - means[c]) / deviations[c]) + shifts[c]);
        }

        float[] reciprocals = [.. deviations.Select(d => 1 / d)];
        return AffineFolding.FoldBehindInSingle(layer, [.. factors.Zip(reciprocals, (f, r) => f * r)], (b, c) => ((b - means[c]) * reciprocals[c] * factors[c]) + shifts[c]);
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
