using Octet.Graphs;
using Octet.Numerics;
using Octet.Planning;

namespace Octet.Lowering;

/// <summary>
/// Stores weights as integers that are turned back into floats where they are used; arithmetic stays float. 8 bits: int8 with a scale a
/// channel. 4 bits, for matrices and embeddings: uint4 in blocks of 32 with scale and zero point, by MatMulNBits and GatherBlockQuantized;
/// convolutions and recurrent layers do not bear it (MobileNetV2's outputs fall from 23 to 6 dB) and get 8. Rows of an embedding are turned
/// back after they are gathered. Weights are rounded when they are written, so that a model may be larger than memory.
/// </summary>
public sealed class WeightOnlyLowering
{
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
    /// <param name="bits">8 or 4.</param>
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
            layers.Add(new LayerOutcome(node.DisplayName, node.OpType, weights, why) { IsStoredOnly = why is null });
            if (why is null)
            {
                lowering.LowerNode(node, operands);
            }
        }

        copy.Graph.RemoveUnused();
        if (copy.Graph.AllNodes.Any(n => n.Domain == StoredWeights.Microsoft))
        {
            copy.Opsets.TryAdd(StoredWeights.Microsoft, 1);
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

    private static bool IsProductWithMatrix(Node node) => node.Input(1) is { IsConstant: true, Constant: { Shape.Rank: 2 } matrix } && (node.Is("MatMul")
        || (node.Is("Gemm") && node.GetInt("transA", 0) == 0 && node.GetFloat("alpha", 1) == 1 && node.GetFloat("beta", 1) == 1
            && (node.Input(2) is not { } bias || (bias.Constant?.Shape is { Rank: 1 } shape && shape.Count == matrix.Shape[node.GetInt("transB", 0) != 0 ? 0 : 1]))));

    private void LowerProduct(Node node, WeightOperand operand)
    {
        var weights = node.Inputs[operand.Index]!;
        var blocks = Blocks(weights, operand.Axis);
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
            StoredWeights.Microsoft,
            node);
        if (node.Is("Gemm") && node.Input(2) is { } bias)
        {
            product.SetInput(5, bias);
        }

        product.SetAttribute("K", weights.Constant.Count / channels);
        product.SetAttribute("N", channels);
        product.SetAttribute("bits", 4);
        product.SetAttribute("block_size", BlockSize);
        StoredWeights.Substitute(node, product);
    }

    private void LowerGather(Node node)
    {
        var table = node.Inputs[0]!;
        var indices = node.Inputs[1]!;
        var shape = table.Constant!.Shape;
        var graph = table.Graph;
        if (bits == 4 && shape[1] % BlockSize == 0)
        {
            var blocks = Blocks(table, 0);
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
                StoredWeights.Microsoft,
                node);
            gather.SetAttribute("gather_axis", 0);
            gather.SetAttribute("quantize_axis", 1);
            gather.SetAttribute("block_size", BlockSize);
            StoredWeights.Substitute(node, gather);
            return;
        }

        StoredWeights.GatherRows(node);
    }

    private Value Dequantized(Node node, WeightOperand operand)
    {
        var weights = node.Inputs[operand.Index]!;
        if (!shared.TryGetValue((weights, operand.Axis), out var result))
        {
            result = StoredWeights.Dequantized(node, operand, StoredWeights.PlaceFor(weights, node));
            shared.Add((weights, operand.Axis), result);
        }

        return result;
    }

    private BlockRounding Blocks(Value weights, int axis)
    {
        var rows = new ChannelRows(weights.Constant!, axis);
        StoredWeights.RefuseNonFinite(weights.Name, rows.LargestMagnitudes());
        return BlockRounding.Of(rows, BlockSize, search);
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
}
