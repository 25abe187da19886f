namespace Octet.Analysis.Causes;

/// <summary>
/// An input channel that is always zero, with weights far larger than all others: a batch normalization whose variance went to zero in training leaves such behind, as in
/// EfficientNet. They count for nothing and take the range from the weights that do count.
/// </summary>
public sealed class DeadChannel : Cause
{
    private const float Ratio = 8;

    /// <inheritdoc/>
    public override string Name => "dead channel";

    /// <inheritdoc/>
    public override IEnumerable<Suspicion> Find(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var layer in evidence.NoisyLayers.Where(l => l.OpType is "Conv" or "Gemm" or "MatMul"))
        {
            var node = layer.NodeIn(evidence.Graph);
            bool depthwise = Planning.KeepFloat.IsDepthwise(node);
            if (!evidence.Channels.TryGetValue(layer.DataInputs[0], out var channels) || (node.GetInt("group", 1) > 1 && !depthwise))
            {
                continue;
            }

            // Depthwise weights have their input channel where others have the output channel.
            int axis = node.Is("Conv") ? (depthwise ? 0 : 1) : node.Is("Gemm") && node.GetInt("transB", 0) != 0 ? 1 : 0;
            float[] largest = evidence.LargestWeights(layer, axis);
            if (largest.Length != channels.Length || (depthwise && layer.PerChannelWeights))
            {
                continue;
            }

            float living = largest.Where((_, c) => channels[c].Bound > 0).DefaultIfEmpty().Max();
            int worst = Enumerable.Range(0, largest.Length).MaxBy(c => channels[c].Bound > 0 ? 0 : largest[c]);
            if (channels[worst].Bound == 0 && living > 0 && largest[worst] > Ratio * living)
            {
                yield return new Suspicion(
                    layer.Name,
                    FormattableString.Invariant($"channel {worst} of its input is always zero, yet its weights reach {largest[worst]:G3}, those of all other channels {living:G3}"),
                    layer.Key);
            }
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<Remedy> Remedies(Evidence evidence, IReadOnlyList<Suspicion> suspicions) => Remedy.OfLayers(evidence, suspicions);
}
