using Octet.Graphs;

namespace Octet.Rewrites;

/// <summary>Puts the factors alpha and beta of a Gemm into its weights and bias, and makes the bias a vector of one number a column.</summary>
public sealed class NormalizeGemm : IRewrite
{
    /// <inheritdoc/>
    public string Name => "normalize-gemm";

    /// <inheritdoc/>
    public string Description => "Factors of a Gemm become part of its weights and bias, and its bias a vector";

    /// <inheritdoc/>
    public int Apply(RewriteContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int changes = 0;
        foreach (var node in context.Graph.AllNodes.Where(n => n.Is("Gemm") && AffineFolding.IsFoldable(n)))
        {
            if (Normalize(node))
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

    private static bool Normalize(Node node)
    {
        double alpha = node.GetFloat("alpha", 1);
        var weights = node.Inputs[1]!.Constant!;
        int columns = AffineFolding.OutputChannels(node);
        bool isVector = node.Input(2) is not { } bias || (bias.Constant!.Shape.Rank == 1 && bias.Constant.Count == columns);
        if (alpha == 1 && node.GetFloat("beta", 1) == 1 && isVector)
        {
            return false;
        }

        float[] scaled = [.. weights.ToFloats().Select(w => (float)(w * alpha))];
        bool finite = scaled.All(float.IsFinite)
            && (node.Input(2) is null || AffineFolding.FoldBehind(node, new ChannelAffine([.. Enumerable.Repeat(1.0, columns)], new double[columns])));
        if (!finite)
        {
            return false;
        }

        if (alpha != 1)
        {
            Merging.SetFloats(node, 1, scaled, weights.Shape, "weights");
            node.RemoveAttribute("alpha");
        }

        node.RemoveAttribute("beta");
        return true;
    }
}
