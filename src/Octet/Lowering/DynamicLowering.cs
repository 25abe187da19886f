using Octet.Graphs;
using Octet.Numerics;
using Octet.Planning;

namespace Octet.Lowering;

/// <summary>
/// Makes matrix products integer with activations that are quantized at run time, one scale a tensor: DynamicQuantizeLinear, MatMulInteger,
/// Cast, Mul, which ONNX Runtime makes one kernel of. LSTM becomes DynamicQuantizeLSTM. Of GRU, RNN and embeddings, for which there is no such
/// kernel, the weights are stored as int8 and arithmetic stays float; everything else stays as it is.
/// </summary>
public sealed class DynamicLowering
{
    private readonly bool avoidSaturation;
    private readonly Dictionary<(Value, Graph), Node> quantizedInputs = [];
    private readonly Dictionary<(Value, int), Value> shared = [];

    private DynamicLowering(bool avoidSaturation) => this.avoidSaturation = avoidSaturation;

    /// <summary>Makes a copy of a model with integer matrix products.</summary>
    /// <param name="model">A float model at operator set 13 or later.</param>
    /// <param name="avoidSaturation">Whether weights are limited so that 16-bit sums of two products cannot saturate, whatever the activations.</param>
    /// <param name="keepFloat">Words for <see cref="KeepFloat.Resolve"/>.</param>
    /// <returns>The copy, and what became of every node.</returns>
    /// <exception cref="OctetException"><see cref="ErrorCodes.UnknownName"/>: a word names nothing. <see cref="ErrorCodes.NonFiniteWeight"/>.</exception>
    public static (Model Model, IReadOnlyList<LayerOutcome> Layers) Lower(Model model, bool avoidSaturation, IReadOnlyList<string> keepFloat)
    {
        ArgumentNullException.ThrowIfNull(model);
        var copy = model.Clone();
        var kept = KeepFloat.Resolve(copy.Graph, keepFloat);
        var lowering = new DynamicLowering(avoidSaturation);
        var layers = new List<LayerOutcome>();
        foreach (var node in copy.Graph.AllNodes.ToArray())
        {
            long weights = node.Inputs.OfType<Value>().Where(v => v.IsConstant).Sum(v => v.Constant!.Count);
            var layer = new LayerOutcome(node.DisplayName, node.OpType, weights, null);
            var (operands, why) = WeightOperand.Of(node);
            why = kept.TryGetValue(node, out string? word) ? $"kept float as asked (\"{word}\")" : why ?? Refusal(node, operands);
            layers.Add(why is not null ? layer with { Why = why } : lowering.LowerNode(node, operands, layer));
        }

        copy.Graph.RemoveUnused();
        if (copy.Graph.AllNodes.Any(n => n.Domain == StoredWeights.Microsoft))
        {
            copy.Opsets.TryAdd(StoredWeights.Microsoft, 1);
        }

        return (copy, layers);
    }

    private static string? Refusal(Node node, IReadOnlyList<WeightOperand> operands) => node.OpType switch
    {
        "MatMul" when operands[^1].Index != 1 || node.Inputs[1]!.Constant!.Shape.Rank != 2 => "its weights are not a second matrix",
        "Gemm" when node.GetInt("transA", 0) != 0 => "it transposes its data",
        "Gemm" when node.GetFloat("alpha", 1) != 1 || node.GetFloat("beta", 1) != 1 => "its alpha or beta is not 1",
        "LSTM" when operands.Count < 2 => "its weights are too few, or not constant",
        "LSTM" when node.GetInt("layout", 0) != 0 => "its batch comes first",
        "MatMul" or "Gemm" or "LSTM" or "GRU" or "RNN" or "Gather" => null,
        _ => "integer arithmetic with scales found at run time is for matrix products and recurrent layers",
    };

    private LayerOutcome LowerNode(Node node, IReadOnlyList<WeightOperand> operands, LayerOutcome layer)
    {
        switch (node.OpType)
        {
            case "MatMul" or "Gemm":
                return layer with { TouchedChannels = LowerProduct(node, operands[^1]) };
            case "LSTM":
                return layer with { TouchedChannels = LowerLstm(node) };
            case "Gather":
                StoredWeights.GatherRows(node);
                break;
            default:
                foreach (var operand in operands)
                {
                    var weights = node.Inputs[operand.Index]!;
                    if (!shared.TryGetValue((weights, operand.Axis), out var dequantized))
                    {
                        dequantized = StoredWeights.Dequantized(node, operand, StoredWeights.PlaceFor(weights, node));
                        shared.Add((weights, operand.Axis), dequantized);
                    }

                    node.SetInput(operand.Index, dequantized);
                }

                break;
        }

        return layer with { IsStoredOnly = true };
    }

    private int LowerProduct(Node node, WeightOperand operand)
    {
        var weights = node.Inputs[operand.Index]!;
        var (integers, scales, touched) = Rounded(weights, operand.Axis);
        var input = QuantizedInput(node.Inputs[0]!, node);
        string name = node.Output.Name;
        var graph = weights.Graph;
        var sum = node.Graph.Add(
            "MatMulInteger",
            [
                input.Outputs[0],
                graph.AddConstant(weights.Name + "_quantized", integers),
                input.Outputs[2],
                graph.AddConstant(weights.Name + "_zero_point", Tensor.FromArray(new sbyte[scales.Length], new Shape(scales.Length))),
            ],
            name + "_sum",
            before: node);
        var floats = node.Graph.Add("Cast", [sum], name + "_sum_float", before: node);
        floats.Producer!.SetAttribute("to", (long)ElementType.Float32);
        var weightScales = graph.AddConstant(weights.Name + "_scale", Tensor.FromArray(scales, new Shape(scales.Length)));
        var scale = node.Graph.Add("Mul", [input.Outputs[1], weightScales], name + "_scale", before: node);
        var product = node.Graph.AddNode("Mul", [floats, scale], [name + "_product"], before: node);
        if (node.Is("Gemm") && node.Input(2) is { } bias)
        {
            product = node.Graph.AddNode("Add", [product.Output, bias], [name + "_biased"], before: node);
        }

        StoredWeights.Substitute(node, product);
        return touched;
    }

    private int LowerLstm(Node node)
    {
        var inputs = new List<Value?>(Enumerable.Range(0, 8).Select(node.Input));
        int touched = 0;
        foreach (int index in (int[])[1, 2])
        {
            // [directions, gates · hidden, in] becomes [directions, in, gates · hidden].
            var weights = node.Inputs[index]!;
            var shape = weights.Constant!.Shape;
            var (integers, scales, channels) = Rounded(weights.Name, new ChannelRows(weights.Constant.Reshape(new Shape(shape[0] * shape[1], shape[2])), 0));
            touched += channels;
            int rows = (int)shape[1];
            int length = (int)shape[2];
            var transposed = new sbyte[integers.Length];
            for (int d = 0; d < shape[0]; d++)
            {
                Transpose(integers.AsSpan(d * rows * length), rows, length, transposed.AsSpan(d * rows * length));
            }

            var graph = weights.Graph;
            var perRow = new Shape(shape[0], rows);
            inputs[index] = graph.AddConstant(weights.Name + "_quantized", Tensor.FromArray(transposed, new Shape(shape[0], length, rows)));
            inputs.Add(graph.AddConstant(weights.Name + "_scale", Tensor.FromArray(scales, perRow)));
            inputs.Add(graph.AddConstant(weights.Name + "_zero_point", Tensor.FromArray(new sbyte[scales.Length], perRow)));
        }

        var lstm = node.Graph.AddNode("DynamicQuantizeLSTM", inputs, node.Outputs.Select(o => o?.Name), StoredWeights.Microsoft, node);
        foreach (var (name, value) in node.Attributes.Where(a => a.Key != "layout"))
        {
            lstm.SetAttribute(name, value);
        }

        StoredWeights.Substitute(node, lstm);
        return touched;
    }

    // Products that read one tensor share its integers.
    private Node QuantizedInput(Value input, Node reader)
    {
        if (!quantizedInputs.TryGetValue((input, reader.Graph), out var node))
        {
            node = reader.Graph.AddNode(
                "DynamicQuantizeLinear", [input], [input.Name + "_quantized", input.Name + "_scale", input.Name + "_zero_point"], before: reader);
            node.Name = node.Output.Name;
            quantizedInputs.Add((input, reader.Graph), node);
        }

        return node;
    }

    private (Tensor Integers, float[] Scales, int Touched) Rounded(Value weights, int axis)
    {
        // MatMulInteger wants [in, out].
        var rows = new ChannelRows(weights.Constant!, axis);
        var (integers, scales, touched) = Rounded(weights.Name, rows);
        var transposed = new sbyte[integers.Length];
        Transpose(integers, scales.Length, (int)rows.RowLength, transposed);
        return (Tensor.FromArray(transposed, new Shape(rows.RowLength, rows.Channels)), scales, touched);
    }

    private (sbyte[] Integers, float[] Scales, int Touched) Rounded(string name, ChannelRows rows)
    {
        StoredWeights.RefuseNonFinite(name, rows.LargestMagnitudes());
        var rounding = PairSafeRounding.Of(rows, avoidSaturation);
        return (rounding.Values, rounding.Scales, rounding.TouchedRows);
    }

    private static void Transpose(ReadOnlySpan<sbyte> source, int rows, int length, Span<sbyte> target)
    {
        for (int r = 0; r < rows; r++)
        {
            for (int i = 0; i < length; i++)
            {
                target[(i * rows) + r] = source[(r * length) + i];
            }
        }
    }
}
