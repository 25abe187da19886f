using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Operators;
using Octet.Planning;

namespace Octet.Lowering;

/// <summary>
/// Writes a plan into a graph as QuantizeLinear/DequantizeLinear pairs, placed so that ONNX Runtime fuses them into integer
/// kernels: one Q a tensor, a DQ on every operand, biases as int32 of input scale × weight scale.
/// </summary>
public sealed class QdqLowering
{
    private readonly Plan plan;
    private readonly Graph graph;
    private readonly IReadOnlyDictionary<string, QuantizedWeights> weights;
    private readonly bool floatWeights;
    private readonly Dictionary<QuantParams, (Value Scale, Value ZeroPoint)> constants = [];
    private readonly Dictionary<string, Value> layerOutputs;
    private readonly Dictionary<string, OperatorRole.Clamping> clamps;
    private readonly HashSet<Node> integerLayers = [];
    private readonly Dictionary<string, string> rounded = new(StringComparer.Ordinal);

    private QdqLowering(Plan plan, Graph graph, IReadOnlyDictionary<string, QuantizedWeights> weights, bool floatWeights)
    {
        this.plan = plan;
        this.graph = graph;
        this.weights = weights;
        this.floatWeights = floatWeights;
        clamps = plan.Layers.Where(l => l.Role is OperatorRole.Clamping).ToDictionary(l => l.Key, l => (OperatorRole.Clamping)l.Role, StringComparer.Ordinal);
        layerOutputs = plan.WeightedLayers.ToDictionary(l => l.Key, l => graph.Find(l.Key)!, StringComparer.Ordinal);
    }

    /// <summary>Makes a copy of a model with the plan written into it.</summary>
    /// <param name="model">The float model that the plan was made for, at operator set 13 or later.</param>
    /// <param name="plan">All parameters solved.</param>
    /// <param name="weights">The constants of the quantized layers with weights, by <see cref="LayerPlan.Key"/>; a layer that is not among them keeps its float ones.</param>
    /// <param name="floatWeights">
    /// True to keep the rounded weights and the biases as floats, for measuring: the same numbers but for the bias's rounding,
    /// and the layers' outputs before requantization can be observed.
    /// </param>
    public static LoweredModel Lower(Model model, Plan plan, IReadOnlyDictionary<string, QuantizedWeights> weights, bool floatWeights = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(plan);
        var copy = model.Clone();
        var lowering = new QdqLowering(plan, copy.Graph, weights, floatWeights);
        lowering.Run();
        return new LoweredModel(copy, lowering.layerOutputs.ToDictionary(l => l.Key, l => l.Value.Name, StringComparer.Ordinal), lowering.rounded);
    }

    private void Run()
    {
        var producedAsIntegers = plan.Layers.SelectMany(l => l.DataOutputs).ToHashSet(StringComparer.Ordinal);
        var readers = plan.Layers.Where(l => l.DataInputs.Length > 0).Select(l => l.NodeIn(graph)).ToHashSet();
        foreach (var layer in plan.WeightedLayers.Where(l => weights.ContainsKey(l.Key)))
        {
            integerLayers.Add(layer.NodeIn(graph));
            LowerWeights(layer);
        }

        // Q goes behind the layer itself where its clamp can go, so the clamps go first.
        var places = plan.Slots.Select(slot => (slot, graph.Find(slot.Tensor)!)).ToArray();
        for (int i = 0; i < places.Length; i++)
        {
            places[i].Item2 = RemoveClamps(places[i].Item2, plan.ParamsOf(places[i].slot.Tensor));
        }

        foreach (var (slot, value) in places)
        {
            var parameters = plan.ParamsOf(slot.Tensor);
            if (value.IsConstant)
            {
                LowerOperand(value, parameters, readers);
            }
            else
            {
                InsertPair(slot.Tensor, value, parameters, producedAsIntegers.Contains(slot.Tensor) ? null : readers);
            }
        }

        graph.RemoveUnused();
    }

    // Requantization saturates at the type's ends: where these are the bounds of a clamp, the clamp says nothing more.
    private Value RemoveClamps(Value value, QuantParams parameters)
    {
        string name = value.Name;
        var layer = plan.Layers.FirstOrDefault(l => l.DataOutputs.Contains(name));
        var last = value;
        while (layer is not null && value.Name != layer.Key && clamps.TryGetValue(value.Name, out var bounds)
            && value.Producer is { } clamp && clamp.Inputs[0] is { Uses.Count: 1, IsOutput: false } input)
        {
            bool low = float.IsNegativeInfinity(bounds.Low) || parameters.Quantize(bounds.Low) == parameters.Type.Min;
            bool high = float.IsPositiveInfinity(bounds.High) || parameters.Quantize(bounds.High) == parameters.Type.Max;
            if (low && high)
            {
                value.ReplaceWith(input);
                graph.Remove(clamp);
                last = last == value ? input : last;
            }

            value = input;
        }

        if (last.IsOutput && last.Name != name)
        {
            graph.Rename(last, name);
        }

        return last;
    }

    private void InsertPair(string name, Value value, QuantParams parameters, HashSet<Node>? onlyFor)
    {
        var uses = value.Uses.Where(u => onlyFor is null || onlyFor.Contains(u.Node)).ToArray();
        bool isOutput = value.IsOutput && onlyFor is null;
        var before = value.Producer is null ? graph.Nodes.FirstOrDefault() : value.Producer.Next;
        var (scale, zeroPoint) = ConstantsOf(name, parameters);
        var quantized = graph.Add("QuantizeLinear", [value, scale, zeroPoint], name + "_quantized", before: before);
        var dequantized = graph.Add("DequantizeLinear", [quantized, scale, zeroPoint], name + "_dequantized", before: before);
        quantized.Producer!.Name = quantized.Name;
        dequantized.Producer!.Name = dequantized.Name;
        rounded.Add(name, quantized.Name);
        foreach (var use in uses)
        {
            use.Node.SetInput(use.Index, use.Index == 0 && ChannelsOfFloatLayer(use.Node) is { } channels
                ? DequantizedForFloatLayer(name, quantized, parameters, channels, use.Node)
                : dequantized);
        }

        if (isOutput)
        {
            // The user's output keeps its name.
            string outputName = value.Name;
            dequantized.Type = value.Type;
            graph.ReplaceOutput(value, dequantized);
            graph.Rename(value, graph.FreshName(outputName + "_float"));
            graph.Rename(dequantized, outputName);
        }
    }

    // The number of channels that a layer reads whose weights stay float; null for every other node.
    private long? ChannelsOfFloatLayer(Node node)
        => floatWeights || integerLayers.Contains(node) || node.Input(1)?.Constant is not { Shape.Rank: >= 2 } weights ? null
            : node.Is("Conv") ? weights.Shape[1] * node.GetInt("group", 1)
            : node.Is("ConvTranspose") ? weights.Shape[0]
            : node.Is("Gemm") && node.GetInt("transA", 0) == 0 ? weights.Shape[node.GetInt("transB", 0) == 0 ? 0 : 1]
            : null;

    // ONNX Runtime (1.29: WeightBiasQuantization) rounds the float weights of layers between pairs of one scale, with one scale for all of them.
    // A layer that shall stay float therefore reads the same scale, written once for each channel.
    private Value DequantizedForFloatLayer(string name, Value quantized, QuantParams parameters, long channels, Node reader)
    {
        int count = checked((int)channels);
        var repeated = new QuantParams(
            parameters.Type, [.. Enumerable.Repeat(parameters.Scale, count)], [.. Enumerable.Repeat(parameters.ZeroPoint, count)], 1);
        var (scale, zeroPoint) = ConstantsOf(name, repeated);
        var result = graph.Add("DequantizeLinear", [quantized, scale, zeroPoint], name + "_dequantized", before: reader);
        result.Producer!.Name = result.Name;
        result.Producer.SetAttribute("axis", 1);
        return result;
    }

    private void LowerOperand(Value constant, QuantParams parameters, HashSet<Node> readers)
    {
        float[] values = constant.Constant!.ToFloats();
        var integers = IntegerTensor.Pack([.. values.Select(v => parameters.Quantize(v))], parameters.Type, constant.Constant.Shape);

        // One for each reader: ONNX Runtime (1.29 and 1.31) refuses the model in its precise mode where several share signed integers, of which it makes unsigned ones of one name.
        foreach (var use in constant.Uses.Where(u => readers.Contains(u.Node)).ToArray())
        {
            use.Node.SetInput(use.Index, Dequantized(constant.Name, integers, parameters, use.Node));
        }
    }

    private void LowerWeights(LayerPlan layer)
    {
        var node = layer.NodeIn(graph);
        var role = (OperatorRole.Weighted)layer.Role;
        var constants = weights[layer.Key];
        var weight = node.Inputs[role.WeightInput]!;
        node.SetInput(role.WeightInput, floatWeights
            ? graph.AddConstant(weight.Name + "_rounded", constants.Dequantize())
            : Dequantized(weight.Name, constants.Values, constants.Params, node));
        if (constants.Bias is not { } bias || role.BiasInput is not { } biasInput)
        {
            return;
        }

        string biasName = node.Input(biasInput)?.Name ?? weight.Name + "_bias";
        node.SetInput(biasInput, floatWeights
            ? graph.AddConstant(biasName + "_corrected", Tensor.FromArray([.. bias], new Shape(bias.Length)))
            : LowerBias(node, biasName, bias, constants.Params, plan.ParamsOf(layer.DataInputs[0]).Scale));
    }

    private Value LowerBias(Node node, string name, ImmutableArray<float> bias, QuantParams weight, float inputScale)
    {
        ImmutableArray<float> scales = [.. weight.Scales.Select(s => inputScale * s)];
        var parameters = new QuantParams(QuantType.Int32, scales, [.. scales.Select(_ => 0)], weight.Axis is null ? null : 0);
        var integers = bias.Select((b, i) => parameters.Quantize(b, weight.Axis is null ? 0 : i)).ToArray();
        return Dequantized(name, Tensor.FromArray(integers, new Shape(integers.Length)), parameters, node);
    }

    private Value Dequantized(string name, Tensor integers, QuantParams parameters, Node reader)
    {
        var (scale, zeroPoint) = NewConstants(name, parameters);
        var quantized = graph.AddConstant(name + "_quantized", integers);
        var result = graph.Add("DequantizeLinear", [quantized, scale, zeroPoint], name + "_dequantized", before: reader);
        result.Producer!.Name = result.Name;
        if (parameters.Axis is { } axis)
        {
            result.Producer.SetAttribute("axis", axis);
        }

        return result;
    }

    private (Value Scale, Value ZeroPoint) ConstantsOf(string name, QuantParams parameters)
    {
        if (!constants.TryGetValue(parameters, out var pair))
        {
            pair = NewConstants(name, parameters);
            constants.Add(parameters, pair);
        }

        return pair;
    }

    // Weights that share a zero point make ONNX Runtime (1.29 and 1.31) refuse the model in its precise mode: it names that of the unsigned weights after it.
    // Scalars where there is one scale: it recognizes some patterns only then.
    private (Value Scale, Value ZeroPoint) NewConstants(string name, QuantParams parameters)
    {
        var shape = parameters.Axis is null ? default : new Shape(parameters.Scales.Length);
        return (
            graph.AddConstant(name + "_scale", Tensor.FromArray([.. parameters.Scales], shape)),
            graph.AddConstant(name + "_zero_point", IntegerTensor.Pack([.. parameters.ZeroPoints], parameters.Type, shape)));
    }
}
