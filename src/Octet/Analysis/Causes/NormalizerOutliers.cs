using Octet.Graphs;

namespace Octet.Analysis.Causes;

/// <summary>
/// A few channels behind a layer normalization, or a few scores in front of a softmax, are far larger than the rest (Dettmers et al. 2022, "LLM.int8()", section 4;
/// Bondarenko et al. 2021, "Understanding and Overcoming the Challenges of Efficient Transformer Quantization").
/// </summary>
public sealed class NormalizerOutliers : Cause
{
    private const double Ratio = 32;

    /// <inheritdoc/>
    public override string Name => "softmax or layer-norm outliers";

    /// <inheritdoc/>
    public override IEnumerable<Suspicion> Find(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var layer in evidence.NoisyLayers.Where(l => IsNormalized(l.NodeIn(evidence.Graph).Inputs[0]!)))
        {
            if (OutlierChannel.SignOf(evidence, layer.DataInputs[0]) is { } sign)
            {
                yield return new Suspicion(layer.Name, sign, layer.Key);
            }
        }

        foreach (var layer in evidence.Plan.Layers.Where(l => l is { OpType: "Softmax", DataInputs.Length: > 0 }))
        {
            if (evidence.Tensors.TryGetValue(layer.DataInputs[0], out var scores) && !evidence.Conflicts.Any(c => c.Tensor == layer.DataInputs[0])
                && Math.Max(-scores.Min, scores.Max) is var bound && bound > Ratio * Math.Max(Math.Abs(scores.Q1), Math.Abs(scores.Q3)))
            {
                yield return new Suspicion(
                    layer.Name, FormattableString.Invariant($"the scores that it reads reach {bound:G3}, half of them lie from {scores.Q1:G3} to {scores.Q3:G3}"), layer.Key);
            }
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<Remedy> Remedies(Evidence evidence, IReadOnlyList<Suspicion> suspicions) => Remedy.OfOutliers(evidence, suspicions);

    /// <summary>Whether a value comes out of a layer normalization, as one operator or as the usual chain ending in a division by a root.</summary>
    internal static bool IsNormalized(Value value)
    {
        for (int step = 0; step < 5 && value.Producer is { } node; step++)
        {
            if (node.OpType is "LayerNormalization" or "SkipLayerNormalization" or "RMSNormalization")
            {
                return true;
            }

            if (node.Is("Div") && node.Input(1)?.Producer?.Is("Sqrt") == true)
            {
                return true;
            }

            // Gain, shift and changes of shape.
            if (node.OpType is not ("Mul" or "Add" or "Reshape" or "Transpose" or "Cast") || node.Inputs.OfType<Value>().Count(v => !v.IsConstant) != 1)
            {
                return false;
            }

            value = node.Inputs.OfType<Value>().First(v => !v.IsConstant);
        }

        return false;
    }
}
