using Octet.Calibration.Thresholds;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Operators;
using Octet.Planning;

namespace Octet.Dialects.Ppq;

/// <summary>Tells a plan in PPQ's words: which tensor is rounded at which operator.</summary>
internal sealed class TensorQuantizationConfigs
{
    private readonly PpqGraph quantized;
    private readonly Dictionary<string, LayerPlan> layers;
    private readonly HashSet<Node> nodes = [];
    private readonly Dictionary<string, (string Operation, string Variable)> places = new(StringComparer.Ordinal);

    private TensorQuantizationConfigs(PpqGraph quantized)
    {
        this.quantized = quantized;
        layers = quantized.Plan.Layers.ToDictionary(l => l.Key, StringComparer.Ordinal);
    }

    /// <summary>All configurations, operator by operator in the order of the graph.</summary>
    public static IReadOnlyList<TensorQuantizationConfig> Of(PpqGraph quantized)
    {
        var all = new TensorQuantizationConfigs(quantized);
        all.FindPlaces();
        return [.. all.nodes.SelectMany(all.Of)];
    }

    private void FindPlaces()
    {
        var graph = quantized.Float.Graph;
        nodes.UnionWith(graph.Nodes.Where(n => n.Outputs is [{ } first, ..] && quantized.Dispatched.Contains(first.Name) && IsQuantized(n)));
        foreach (string root in quantized.Plan.Slots.Select(s => quantized.Plan.Root(s.Tensor).Tensor).Distinct())
        {
            var value = graph.Find(root)!;
            var place = value.Producer is { } producer && nodes.Contains(producer) ? producer : nodes.FirstOrDefault(n => n.Inputs.Contains(value));
            if (place is not null)
            {
                places.Add(root, (PpqGraph.NameOf(place), root));
            }
        }
    }

    // What only moves values that are rounded already is quantized by PPQ's word, too, where our plan leaves it alone.
    private bool IsQuantized(Node node)
    {
        var layer = layers[node.Outputs[0]!.Name];
        return layer.Decision != LayerDecision.Float || (layer.Role is OperatorRole.PassThrough && node.Inputs[0] is { } input && RootOf(input) is not null);
    }

    private string? RootOf(Value value)
    {
        if (quantized.Plan.SlotOf(value.Name) is not null)
        {
            return quantized.Plan.Root(value.Name).Tensor;
        }

        if (value.Producer is not { Outputs: [{ } first, ..] } producer || !layers.TryGetValue(first.Name, out var layer))
        {
            return null;
        }

        return layer.DataOutputs is [var clamped, ..] ? quantized.Plan.Root(clamped).Tensor
            : layer.Role is OperatorRole.PassThrough && producer.Inputs[0] is { } input ? RootOf(input)
            : null;
    }

    private IEnumerable<TensorQuantizationConfig> Of(Node node)
    {
        string name = PpqGraph.NameOf(node);
        var layer = layers[node.Outputs[0]!.Name];
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            if (node.Inputs[i] is not { } input)
            {
                continue;
            }

            if (layer.Role is OperatorRole.Weighted weighted && (i == weighted.WeightInput || i == weighted.BiasInput))
            {
                yield return i == weighted.WeightInput ? Weights(name, input, quantized.Weights[layer.Key].Params) : Bias(name, input, layer);
            }
            else if (RootOf(input) is { } root)
            {
                yield return Activation(name, input, root) with { IsParameter = input.IsConstant };
            }
        }

        foreach (var output in node.Outputs.OfType<Value>())
        {
            if (RootOf(output) is { } root)
            {
                yield return Activation(name, output, root) with { IsOutput = true };
            }
        }
    }

    private TensorQuantizationConfig Activation(string operation, Value value, string root)
    {
        var parameters = quantized.Plan.ParamsOf(root);
        var place = places[root];
        var state = place == (operation, value.Name) ? value.IsConstant ? QuantizationStates.Baked : QuantizationStates.Activated : QuantizationStates.Overlapped;
        return Of(operation, value.Name, state, parameters, quantized.Platform.Table.SymmetricActivations) with { Dominator = place };
    }

    private TensorQuantizationConfig Weights(string operation, Value value, QuantParams parameters)
        => Of(operation, value.Name, QuantizationStates.Baked, parameters, quantized.Platform.WeightScheme != QuantScheme.Asymmetric) with { IsParameter = true };

    private TensorQuantizationConfig Of(string operation, string variable, QuantizationStates state, QuantParams parameters, bool symmetric) => new(operation, variable, state)
    {
        Bits = parameters.Type.Bits,
        QuantMin = parameters.Type.Min,
        QuantMax = parameters.Type.Max,
        Scales = parameters.Scales,
        ZeroPoints = parameters.ZeroPoints,
        IsPerChannel = parameters.Axis is not null,
        IsSymmetric = symmetric,
        IsPowerOfTwo = quantized.Platform.Table.PowerOfTwoScales,
        Dominator = (operation, variable),
    };

    private TensorQuantizationConfig Bias(string operation, Value value, LayerPlan layer)
    {
        var weights = quantized.Weights[layer.Key].Params;
        if (quantized.Platform.Bias is not { } rule)
        {
            return Of(operation, value.Name, QuantizationStates.Fp32, weights, true) with { IsParameter = true, Scales = [], ZeroPoints = [], IsPerChannel = false };
        }

        float input = quantized.Plan.ParamsOf(layer.DataInputs[0]).Scale;
        return Of(operation, value.Name, QuantizationStates.PassiveBaked, weights, true) with
        {
            IsParameter = true,
            Bits = rule.Bits,
            QuantMin = -(double)rule.Limit,
            QuantMax = rule.Limit,
            Scales = [.. weights.Scales.Select(s => s * input)],
            ZeroPoints = [.. weights.Scales.Select(_ => 0)],
        };
    }
}
