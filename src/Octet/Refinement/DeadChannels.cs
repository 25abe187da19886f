using Octet.Data;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Planning;

namespace Octet.Refinement;

/// <summary>
/// Limits the weights of input channels that are always zero to the largest of the others. A channel that died in training leaves a batch normalization without variance
/// behind, and folded into the weights that divides by nothing: they become the largest of the layer, count for nothing, and take the range from those that count.
/// </summary>
internal static class DeadChannels
{
    // Layers in which no input channel has weights so much larger than most need not be looked at.
    private const float Conspicuous = 8;

    /// <summary>Limits the weights. On the samples the model computes the same as before.</summary>
    /// <param name="model">The model, which is changed in place.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="samples">At least one; the model is run over them if any layer looks like it.</param>
    /// <param name="workers">Runs side by side, ≥ 1.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>For each layer that was changed a sentence about it.</returns>
    public static IReadOnlyList<string> Limit(Model model, Plan plan, IReadOnlyList<Sample> samples, int workers, CancellationToken cancellationToken)
    {
        LayerPlan[] layers = [.. plan.WeightedLayers.Where(l => IsConspicuous(model.Graph, l))];
        string[] tensors = [.. layers.Select(l => l.DataInputs[0]).Distinct().Where(t => model.Graph.Find(t)!.Producer is not null)];
        if (tensors.Length == 0)
        {
            return [];
        }

        var extremes = ChannelExtremes.Observe(model, samples, tensors, workers, cancellationToken);
        return [.. layers.Where(l => extremes.ContainsKey(l.DataInputs[0])).Select(l => Limit(l, l.NodeIn(model.Graph), extremes[l.DataInputs[0]].Largest)).OfType<string>()];
    }

    private static bool IsConspicuous(Graph graph, LayerPlan layer)
    {
        // One scale an output channel keeps the channels of a depthwise convolution apart.
        if (layer.OpType is not ("Conv" or "Gemm") || (layer.PerChannelWeights && KeepFloat.IsDepthwise(layer.NodeIn(graph))))
        {
            return false;
        }

        float[] sorted = [.. new ChannelWeights(layer.NodeIn(graph)).LargestOfInputs().Where(l => l > 0).Order()];
        return sorted.Length > 1 && sorted[^1] > Conspicuous * sorted[sorted.Length / 2];
    }

    private static string? Limit(LayerPlan layer, Node node, float[] inputs)
    {
        var weights = new ChannelWeights(node);
        float whole = Living(weights, inputs, 0, weights.Outputs);
        float before = 0;
        for (int o = 0; o < weights.Outputs; o++)
        {
            float limit = layer.PerChannelWeights ? Living(weights, inputs, o, o + 1) : whole;
            for (int i = 0; i < weights.InputsOfOne && limit > 0; i++)
            {
                var part = weights.Between(o, i);
                if (inputs[weights.InputChannel(o, i)] == 0 && ChannelWeights.Largest(part) is var largest && largest > limit)
                {
                    before = Math.Max(before, largest);
                    foreach (ref float weight in part)
                    {
                        weight = Math.Clamp(weight, -limit, limit);
                    }
                }
            }
        }

        if (before == 0)
        {
            return null;
        }

        node.SetInput(1, node.Graph.AddConstant(node.Inputs[1]!.Name, Tensor.FromArray(weights.Values, node.Inputs[1]!.Constant!.Shape)));
        return FormattableString.Invariant($"{layer.OpType} \"{layer.Name}\" reads channels that are zero in all samples, with weights up to {before:G3}; these are limited to {whole:G3}, the largest of the others");
    }

    private static float Living(ChannelWeights weights, float[] inputs, int from, int to)
    {
        float largest = 0;
        for (int o = from; o < to; o++)
        {
            for (int i = 0; i < weights.InputsOfOne; i++)
            {
                largest = inputs[weights.InputChannel(o, i)] == 0 ? largest : Math.Max(largest, ChannelWeights.Largest(weights.Between(o, i)));
            }
        }

        return largest;
    }
}
