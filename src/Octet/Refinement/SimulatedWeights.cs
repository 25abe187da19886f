using Octet.Graphs;
using Octet.Numerics;
using Octet.Planning;

namespace Octet.Refinement;

/// <summary>
/// A float model whose weights went through integers: each layer's are rounded to the nearest by a target's scheme and made floats again, so
/// that activations can be observed as the quantized weights make them.
/// </summary>
public static class SimulatedWeights
{
    // No bias can ask for a larger scale then: what the input's scale will be is not known yet.
    private static readonly QuantParams AnyInput = new(QuantType.Int8, float.MaxValue, 0);

    /// <summary>Makes the model; the given one is not changed.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="plan">Which layers have quantized weights, and by which scheme.</param>
    public static Model In(Model model, Plan plan)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(plan);
        var copy = model.Clone();
        foreach (var layer in plan.WeightedLayers)
        {
            var node = layer.NodeIn(copy.Graph);
            int input = ((Operators.OperatorRole.Weighted)layer.Role).WeightInput;
            var weights = node.Inputs[input]!;
            var rounded = NearestWeights.Round(node, layer, AnyInput).Dequantize();
            node.SetInput(input, copy.Graph.AddConstant(copy.Graph.FreshName(weights.Name + "_rounded"), rounded));
        }

        return copy;
    }
}
