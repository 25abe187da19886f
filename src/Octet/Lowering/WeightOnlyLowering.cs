using Octet.Graphs;
using Octet.Numerics;
using Octet.Planning;

namespace Octet.Lowering;

/// <summary>
/// Stores weights as integers that are turned back into floats where they are used; arithmetic stays float. 8 bits: int8 with a scale a
/// channel, and DequantizeLinear; ONNX Runtime makes one kernel of it and a matrix product. 4 bits: uint4 in blocks of 32 with scale and
/// zero point, by MatMulNBits, GatherBlockQuantized, or DequantizeLinear of the set com.microsoft, which needs no later operator set; convolutions get 8.
/// Rows of an embedding are turned back after they are gathered. Weights are rounded when they are written, so that a model may be larger
/// than memory.
/// </summary>
public sealed class WeightOnlyLowering
{
    private const string Microsoft = "com.microsoft";
    private const int BlockSize = 32;

    private readonly int bits;
    private readonly bool search;
    private readonly Dictionary<(Value, int), Value> shared = [];

    private WeightOnlyLowering(int bits, bool search)
    {
        this.bits = bits;
        this.search = search;
    }

    /// <summary>Makes a copy of a model with integer weights.</summary>
    /// <param name="model">A float model at operator set 13 or later.</param>
    /// <param name="bits">8 or 4. Weights that no 4-bit form suits get 8.</param>
    /// <param name="search">Whether the ranges of 4-bit blocks are chosen by the least squared error, rather than by their extremes.</param>
    /// <param name="keepFloat">Words for <see cref="KeepFloat.Resolve"/>.</param>
    /// <returns>The copy, and what became of every node.</returns>
    /// <exception cref="OctetException"><see cref="ErrorCodes.UnknownName"/>: a word names nothing. <see cref="ErrorCodes.NonFiniteWeight"/>.</exception>
    public static (Model Model, IReadOnlyList<LayerOutcome> Layers) Lower(Model model, int bits, bool search, IReadOnlyList<string> keepFloat)
    {
        ArgumentNullException.ThrowIfNull(model);
        var copy = model.Clone();
        var kept = KeepFloat.Resolve(copy.Graph, keepFloat);
        var lowering = new WeightOnlyLowering(bits, search);
        var layers = new List<LayerOutcome>();
        foreach (var node in copy.Graph.AllNodes.ToArray())
        {
            var (operands, why) = WeightOperand.Of(node);
            long weights = node.Inputs.OfType<Value>().Where(v => v.IsConstant).Sum(v => v.Constant!.Count);
            why = kept.TryGetValue(node, out string? word) ? $"kept float as asked (\"{word}\")" : why;
            layers.Add(new LayerOutcome(node.DisplayName, node.OpType, weights, why));
            if (why is null)
            {
                lowering.LowerNode(node, operands);
            }
        }

        copy.Graph.RemoveUnused();
        if (copy.Graph.AllNodes.Any(n => n.Domain == Microsoft))
        {
            copy.Opsets.TryAdd(Microsoft, 1);
        }

        return (copy, layers);
    }

    private void LowerNode(Node node, IReadOnlyList<WeightOperand> operands)
    {
        if (node.Is("Gather"))
        {
            LowerGather(node);
        }
        else if (bits == 4 && IsProductWithMatrix(node))
        {
            LowerProduct(node, operands[^1]);
        }
        else
        {
            foreach (var operand in operands)
            {
                node.SetInput(operand.Index, Dequantized(node, operand));
            }
        }
    }

    // Their few and spread weights do not bear 4 bits: MobileNetV2's outputs fall from 23 to 6 dB.
    private static bool IsConvolution(Node node) => node.OpType is "Conv" or "ConvTranspose";

    private static bool IsProductWithMatrix(Node node) => node.Input(1) is { IsConstant: true, Constant: { Shape.Rank: 2 } matrix } && (node.Is("MatMul")
        || (node.Is("Gemm") && node.GetInt("transA", 0) == 0 && node.GetFloat("alpha", 1) == 1 && node.GetFloat("beta", 1) == 1
            && (node.Input(2) is not { } bias || (bias.Constant?.Shape is { Rank: 1 } shape && shape.Count == matrix.Shape[node.GetInt("transB", 0) != 0 ? 0 : 1]))));

    private void LowerProduct(Node node, WeightOperand operand)
    {
        var weights = node.Inputs[operand.Index]!;
        var blocks = Blocks(weights, operand.Axis, BlockSize);
        long channels = weights.Constant!.Shape[operand.Axis];
        var graph = weights.Graph;
        var product = node.Graph.AddNode(
            "MatMulNBits",
            [
                node.Inputs[0],
                graph.AddConstant(weights.Name + "_quantized", new Tensor(ElementType.UInt8, new Shape(channels, blocks.Blocks, BlockSize / 2), blocks.Values)),
                graph.AddConstant(weights.Name + "_scale", Tensor.FromArray(blocks.Scales, new Shape(blocks.Scales.Length))),
                graph.AddConstant(weights.Name + "_zero_point", RowPacked(blocks, channels)),
            ],
            [node.Output.Name],
            Microsoft,
            node);
        if (node.Is("Gemm") && node.Input(2) is { } bias)
        {
            product.SetInput(5, bias);
        }

        product.SetAttribute("K", weights.Constant.Count / channels);
        product.SetAttribute("N", channels);
        product.SetAttribute("bits", 4);
        product.SetAttribute("block_size", BlockSize);
        Substitute(node, product);
    }

    private void LowerGather(Node node)
    {
        var table = node.Inputs[0]!;
        var indices = node.Inputs[1]!;
        var shape = table.Constant!.Shape;
        var graph = table.Graph;
        if (bits == 4 && shape[1] % BlockSize == 0)
        {
            var blocks = Blocks(table, 0, BlockSize);
            var scaleShape = new Shape(shape[0], blocks.Blocks);
            var gather = node.Graph.AddNode(
                "GatherBlockQuantized",
                [
                    graph.AddConstant(table.Name + "_quantized", new Tensor(ElementType.UInt4, shape, blocks.Values)),
                    indices,
                    graph.AddConstant(table.Name + "_scale", Tensor.FromArray(blocks.Scales, scaleShape)),
                    graph.AddConstant(table.Name + "_zero_point", Packed(blocks, scaleShape)),
                ],
                [node.Output.Name],
                Microsoft,
                node);
            gather.SetAttribute("gather_axis", 0);
            gather.SetAttribute("quantize_axis", 1);
            gather.SetAttribute("block_size", BlockSize);
            Substitute(node, gather);
            return;
        }

        var rows = new ChannelRows(table.Constant, 0);
        float[] scales = Scales(table.Name, rows);
        var values = node.Graph.Add("Gather", [graph.AddConstant(table.Name + "_quantized", rows.ToInt8(scales)), indices], table.Name + "_rows", before: node);
        var scale = node.Graph.Add(
            "Gather", [graph.AddConstant(table.Name + "_scale", Tensor.FromArray(scales, new Shape(scales.Length, 1))), indices], table.Name + "_row_scales", before: node);
        var floats = node.Graph.Add("Cast", [values], table.Name + "_row_values", before: node);
        floats.Producer!.SetAttribute("to", (long)ElementType.Float32);
        Substitute(node, node.Graph.AddNode("Mul", [floats, scale], [node.Output.Name], before: node));
    }

    private Value Dequantized(Node node, WeightOperand operand)
    {
        var weights = node.Inputs[operand.Index]!;
        if (!shared.TryGetValue((weights, operand.Axis), out var result))
        {
            var graph = weights.Graph;
            var before = graph == node.Graph ? node : graph.Nodes.First(n => n.Subgraphs.Any(g => g.AllNodes.Contains(node)));
            result = bits == 4 && !IsConvolution(node) && BlockSizeFor(weights.Constant!) is { } size ? FourBits(weights, size, before) : EightBits(weights, operand.Axis, node, before);
            shared.Add((weights, operand.Axis), result);
        }

        return result;
    }

    private static Value EightBits(Value weights, int axis, Node node, Node before)
    {
        // A stack of matrices, as of the two directions of a recurrent layer, has a scale for each row of each.
        var tensor = weights.Constant!;
        bool isStack = axis == 1 && tensor.Shape.Rank == 3 && tensor.Shape[0] > 1 && node.OpType is "RNN" or "GRU" or "LSTM";
        var matrix = isStack ? tensor.Reshape(new Shape(tensor.Shape[0] * tensor.Shape[1], tensor.Shape[2])) : tensor;
        var rows = new ChannelRows(matrix, isStack ? 0 : axis);
        float[] scales = Scales(weights.Name, rows);
        var shape = new Shape(scales.Length);
        var graph = weights.Graph;
        var result = graph.Add(
            "DequantizeLinear",
            [
                graph.AddConstant(weights.Name + "_quantized", rows.ToInt8(scales)),
                graph.AddConstant(weights.Name + "_scale", Tensor.FromArray(scales, shape)),
                graph.AddConstant(weights.Name + "_zero_point", Tensor.FromArray(new sbyte[scales.Length], shape)),
            ],
            weights.Name + "_dequantized",
            before: before);
        result.Producer!.SetAttribute("axis", isStack ? 0 : axis);
        return isStack ? Reshaped(result, tensor.Shape, before) : result;
    }

    private Value FourBits(Value weights, int blockSize, Node before)
    {
        var tensor = weights.Constant!;
        var graph = weights.Graph;
        var blocks = Blocks(weights, 0, blockSize);
        var shape = new Shape(blocks.Scales.Length);
        var result = graph.Add(
            "DequantizeLinear",
            [
                graph.AddConstant(weights.Name + "_quantized", new Tensor(ElementType.UInt4, new Shape(blocks.Scales.Length, blockSize), blocks.Values)),
                graph.AddConstant(weights.Name + "_scale", Tensor.FromArray(blocks.Scales, shape)),
                graph.AddConstant(weights.Name + "_zero_point", Packed(blocks, shape)),
            ],
            weights.Name + "_dequantized",
            Microsoft,
            before);
        result.Producer!.SetAttribute("axis", 0);
        return Reshaped(result, tensor.Shape, before);
    }

    private static Value Reshaped(Value value, Shape shape, Node before)
    {
        var dimensions = value.Graph.AddConstant(value.Name + "_shape", Tensor.FromArray([.. shape.Dimensions], new Shape(shape.Rank)));
        return value.Graph.Add("Reshape", [value, dimensions], value.Name + "_reshaped", before: before);
    }

    // Whole blocks of one row each: the even divisor of the row's length that is nearest to the usual size.
    private static int? BlockSizeFor(Tensor weights)
    {
        long length = weights.Count / weights.Shape[0];
        return Enumerable.Range(BlockSize / 4, BlockSize / 4).Select(half => (int?)(2 * half))
            .Concat(Enumerable.Range(BlockSize / 2, (BlockSize / 2) + 1).Select(half => (int?)(2 * half)))
            .Where(size => length % size!.Value == 0)
            .OrderBy(size => Math.Abs(size!.Value - BlockSize))
            .FirstOrDefault();
    }

    private BlockRounding Blocks(Value weights, int axis, int blockSize)
    {
        var rows = new ChannelRows(weights.Constant!, axis);
        RefuseNonFinite(weights.Name, rows.LargestMagnitudes());
        return BlockRounding.Of(rows, blockSize, search);
    }

    private static float[] Scales(string name, ChannelRows rows)
    {
        float[] largest = rows.LargestMagnitudes();
        RefuseNonFinite(name, largest);
        return [.. largest.Select(l => float.IsNormal(l / sbyte.MaxValue) ? l / sbyte.MaxValue : 1)];
    }

    private static void RefuseNonFinite(string name, float[] largest)
    {
        int bad = Array.FindIndex(largest, l => !float.IsFinite(l));
        if (bad >= 0)
        {
            throw new OctetException(
                ErrorCodes.NonFiniteWeight,
                $"weights \"{name}\": channel {bad} holds NaN or an infinite value; weights must be finite",
                "repair the model, or keep this layer in float");
        }
    }

    private static Tensor Packed(BlockRounding blocks, Shape shape)
        => IntegerTensor.Pack([.. blocks.ZeroPoints.Select(z => (int)z)], QuantType.UInt4, shape);

    // MatMulNBits begins every row with a new byte.
    private static Tensor RowPacked(BlockRounding blocks, long rows)
    {
        int width = (blocks.Blocks + 1) / 2;
        var bytes = new byte[rows * width];
        for (int i = 0; i < blocks.ZeroPoints.Length; i++)
        {
            int column = i % blocks.Blocks;
            bytes[(i / blocks.Blocks * width) + (column / 2)] |= (byte)(blocks.ZeroPoints[i] << (column % 2 * 4));
        }

        return Tensor.FromArray(bytes, new Shape(bytes.Length));
    }

    // The replacement takes over the node's name, and its output the output's.
    private static void Substitute(Node node, Node replacement)
    {
        string name = node.Output.Name;
        replacement.Name = node.Name;
        replacement.Source = node.Source;
        replacement.Output.Type = node.Output.Type;
        node.Output.ReplaceWith(replacement.Output);
        node.Graph.Remove(node);
        replacement.Graph.Rename(replacement.Output, name);
    }
}
