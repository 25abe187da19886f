using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Rewrites;

/// <summary>
/// Makes one scale and shift of every channel of a chain of them that no layer takes up. Chains with a batch normalization become one; others
/// become one product, one sum, or a product and a sum. A chain ends at a value that is an output or read elsewhere.
/// </summary>
public sealed class MergeScales : IRewrite
{
    /// <inheritdoc/>
    public string Name => "merge-scales";

    /// <inheritdoc/>
    public string Description => "Batch normalizations, products and sums of constants for every channel in a row become one";

    /// <inheritdoc/>
    public int Apply(RewriteContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int changes = 0;
        foreach (var last in context.Graph.AllNodes)
        {
            if (DataOf(last) is not null && !GoesOn(last) && Merge(ChainOf(last), context))
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

    /// <summary>What a node scales and shifts; null where it does something else.</summary>
    private static Value? DataOf(Node node)
        => node.Is("BatchNormalization") ? (FoldBatchNormalization.AffineOf(node) is null ? null : node.Inputs[0]) : ChannelSteps.OperandsOf(node)?.Data;

    private static bool GoesOn(Node node) => node.Output.HasOneReader() && DataOf(node.Output.Uses[0].Node) == node.Output;

    private static List<Node> ChainOf(Node last)
    {
        List<Node> chain = [last];
        while (DataOf(chain[0]) is { Producer: { } before } && DataOf(before) is not null && GoesOn(before))
        {
            chain.Insert(0, before);
        }

        return chain;
    }

    private static bool Merge(List<Node> chain, RewriteContext context)
    {
        var data = DataOf(chain[0])!;
        if (chain.Count < 2 || context.TypeOf(data)?.Dimensions is not { Length: >= 2 } dimensions || dimensions[1].Size is not (> 0 and <= int.MaxValue)
            || AffineOf(chain, dimensions.Length, (int)dimensions[1].Size!.Value) is not { } affine)
        {
            return false;
        }

        bool isNormalization = chain.Any(n => n.Is("BatchNormalization"));
        bool isProduct = !isNormalization && affine.IsScaleOnly;
        bool isSum = !isNormalization && !isProduct && affine.IsShiftOnly;
        if (!isNormalization && !isProduct && !isSum && chain.Count == 2)
        {
            return false;
        }

        var last = chain[^1];
        last.Source = [.. chain.SelectMany(n => n.Source).Distinct()];
        var shape = new Shape([affine.Channels, .. Enumerable.Repeat(1L, dimensions.Length - 2)]);
        if (isNormalization)
        {
            BecomeNormalization(last, data, affine);
        }
        else if (isProduct || isSum)
        {
            Merging.Replace(last, isProduct ? "Mul" : "Add", [data, Constant(last, isProduct ? "scale" : "shift", isProduct ? affine.Scale : affine.Shift, shape)]);
        }
        else
        {
            var product = last.Graph.Add("Mul", [data, Constant(last, "scale", affine.Scale, shape)], last.Graph.FreshName(last.Output.Name + "_scaled"), before: last);
            product.Producer!.Source = last.Source;
            Merging.Replace(last, "Add", [product, Constant(last, "shift", affine.Shift, shape)]);
        }

        return true;
    }

    private static ChannelAffine? AffineOf(List<Node> chain, int rank, int channels)
    {
        ChannelAffine? whole = null;
        foreach (var node in chain)
        {
            var step = StepOf(node, rank, channels);
            if (step is null || step.Channels != channels)
            {
                return null;
            }

            whole = whole?.Then(step) ?? step;
        }

        return whole!.Scale.Concat(whole.Shift).All(v => float.IsFinite((float)v)) ? whole : null;
    }

    private static ChannelAffine? StepOf(Node node, int rank, int channels)
        => ChannelSteps.OperandsOf(node) is not var (_, constant, dataFirst) ? FoldBatchNormalization.AffineOf(node)
            : ChannelSteps.PerChannel(constant, rank, channels) is { } values ? ChannelSteps.AffineOf(node, values, dataFirst)
            : null;

    // The scale of ONNX that has both a factor and a summand: a normalization of mean 0 and variance 1.
    private static void BecomeNormalization(Node last, Value data, ChannelAffine affine)
    {
        var shape = new Shape(affine.Channels);
        double[] zeros = new double[affine.Channels];
        double[] ones = [.. zeros.Select(z => z + 1)];
        var node = Merging.Replace(last, "BatchNormalization", [
            data,
            Constant(last, "scale", affine.Scale, shape),
            Constant(last, "shift", affine.Shift, shape),
            Constant(last, "mean", zeros, shape),
            Constant(last, "variance", ones, shape)]);
        node.SetAttribute("epsilon", 0f);
    }

    private static Value Constant(Node node, string role, double[] values, Shape shape)
        => node.Graph.AddConstant(node.Graph.FreshName($"{node.Output.Name}_{role}"), Tensor.FromArray(values.Select(v => (float)v).ToArray(), shape));
}
