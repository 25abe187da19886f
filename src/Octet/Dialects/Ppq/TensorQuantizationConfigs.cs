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
                yield return i == weighted.WeightInput ? Weights(name, input, layer) : Bias(name, input, layer);
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
        bool isFloat = !(value.IsConstant ? quantized.RoundsParameters : quantized.RoundsActivations);
        var place = places[root];
        var state = place != (operation, value.Name) ? QuantizationStates.Overlapped
            : isFloat ? QuantizationStates.Initial
            : value.IsConstant ? Rounded
            : QuantizationStates.Activated;
        return Of(operation, value.Name, state, quantized.Plan.TypeOf(root), isFloat ? null : quantized.Plan.ParamsOf(root), quantized.Platform.Table.SymmetricActivations) with { Dominator = place };
    }

    private QuantizationStates Rounded => quantized.IsBaked ? QuantizationStates.Baked : QuantizationStates.Activated;

    private TensorQuantizationConfig Weights(string operation, Value value, LayerPlan layer)
    {
        var parameters = quantized.Weights.GetValueOrDefault(layer.Key)?.Params;
        bool symmetric = quantized.Platform.WeightScheme != QuantScheme.Asymmetric;
        return Of(operation, value.Name, parameters is null ? QuantizationStates.Initial : Rounded, layer.WeightType!.Value, parameters, symmetric) with { IsParameter = true };
    }

    private TensorQuantizationConfig Of(string operation, string variable, QuantizationStates state, QuantType type, QuantParams? parameters, bool symmetric) => new(operation, variable, state)
    {
        Bits = type.Bits,
        QuantMin = type.Min,
        QuantMax = type.Max,
        Scales = parameters?.Scales ?? [],
        ZeroPoints = parameters?.ZeroPoints ?? [],
        IsPerChannel = parameters?.Axis is not null,
        IsSymmetric = symmetric,
        IsPowerOfTwo = quantized.Platform.Table.PowerOfTwoScales,
        Dominator = (operation, variable),
    };

    private TensorQuantizationConfig Bias(string operation, Value value, LayerPlan layer)
    {
        if (quantized.Platform.Bias is not { } rule)
        {
            return Of(operation, value.Name, QuantizationStates.Fp32, layer.WeightType!.Value, null, true) with { IsParameter = true };
        }

        var passive = Of(operation, value.Name, QuantizationStates.PassiveInit, layer.WeightType!.Value, null, true) with
        {
            IsParameter = true,
            Bits = rule.Bits,
            QuantMin = -(double)rule.Limit,
            QuantMax = rule.Limit,
        };
        if (!quantized.RoundsBiases)
        {
            return passive;
        }

        var weights = quantized.Weights[layer.Key].Params;
        float input = quantized.Plan.ParamsOf(layer.DataInputs[0]).Scale;
        return passive with
        {
            State = quantized.IsBaked ? QuantizationStates.PassiveBaked : QuantizationStates.Passive,
            IsPerChannel = weights.Axis is not null,
            Scales = [.. weights.Scales.Select(s => s * input)],
            ZeroPoints = [.. weights.Scales.Select(_ => 0)],
        };
    }
}
