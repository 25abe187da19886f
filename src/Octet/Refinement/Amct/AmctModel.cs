using Octet.Graphs;

namespace Octet.Refinement.Amct;

/// <summary>
/// A float model as Ascend AMCT observes its activations: convolutions and matrix products compute with weights that were rounded and made floats again. What comes before is
/// <see cref="Rewrites.FoldBatchNormalization"/> with <see cref="Rewrites.FoldingArithmetic.SingleReciprocal"/>; what comes after are the methods <c>ifmr</c> and <c>hfmg</c> on a layer's input,
/// and <see cref="AmctArithmetic"/>.
/// </summary>
public static class AmctModel
{
    /// <summary>Rounds the weights of a layer.</summary>
    /// <param name="layer">A Conv, ConvTranspose, Gemm or MatMul with constant weights.</param>
    /// <param name="bits">2 to 16.</param>
    /// <param name="perChannel">Whether each output channel has a scale; AMCT has one for all in matrix products.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.InvalidUsage"/>: the layer has no such weights, or bits are out of range; <see cref="ErrorCodes.NonFiniteWeight"/>: a weight is NaN or infinite.</exception>
    public static AmctWeights RoundWeights(Node layer, int bits = 8, bool perChannel = true)
    {
        ArgumentNullException.ThrowIfNull(layer);
        var layout = layer.OpType switch
        {
            "Conv" => AmctLayout.Along(0),
            "ConvTranspose" => AmctLayout.Transposed((int)layer.GetInt("group", 1)),
            "Gemm" => AmctLayout.Along(layer.GetInt("transB", 0) == 0 ? 1 : 0),
            "MatMul" => AmctLayout.Along(1),
            _ => null,
        };
        return layout is not null && layer.Input(1)?.Constant is { } weights
            ? AmctWeights.Round(weights, bits, perChannel ? layout : AmctLayout.One)
            : throw new OctetException(ErrorCodes.InvalidUsage, $"\"{layer.DisplayName}\" ({layer.OpType}) has no constant weights that AMCT would round", "name a Conv, ConvTranspose, Gemm or MatMul");
    }

    /// <summary>Makes the model; the given one is not changed. Transposed convolutions keep their float weights, as AMCT's do while it observes.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="weights">Rounded weights by the name of their layer's output; layers that are absent keep theirs.</param>
    public static Model Observed(Model model, IReadOnlyDictionary<string, AmctWeights> weights)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(weights);
        var copy = model.Clone();
        foreach (var (name, rounded) in weights.OrderBy(w => w.Key, StringComparer.Ordinal))
        {
            var node = copy.Graph.Find(name)?.Producer ?? throw new OctetException(ErrorCodes.UnknownName, $"no layer puts out \"{name}\"", "name layers by their outputs");
            if (!node.Is("ConvTranspose"))
            {
                node.SetInput(1, copy.Graph.AddConstant(copy.Graph.FreshName(node.Inputs[1]!.Name + "_rounded"), rounded.Dequantize()));
            }
        }

        copy.Graph.RemoveUnused();
        return copy;
    }
}
