using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Lowering;

/// <summary>A constant operand that is worth storing as integers where arithmetic stays float.</summary>
/// <param name="Index">Which input of the node.</param>
/// <param name="Axis">The axis of which every index has its own scale.</param>
internal readonly record struct WeightOperand(int Index, int Axis)
{
    // Scales, zero points and another node take the room that smaller tensors save.
    private const long Fewest = 512;

    /// <summary>The weights of a node, and why the others are not among them.</summary>
    /// <returns>The operands, empty where there are none; then <c>Why</c> tells the reason.</returns>
    public static (IReadOnlyList<WeightOperand> Operands, string? Why) Of(Node node)
    {
        var candidates = Candidates(node);
        var constant = candidates.Where(c => node.Input(c.Index) is { IsConstant: true }).ToArray();
        string? why = candidates.Length == 0 ? "its operator has no weights"
            : constant.Length == 0 ? "its weights are not constant"
            : null;
        var usable = new List<WeightOperand>();
        foreach (var operand in constant)
        {
            var tensor = node.Inputs[operand.Index]!.Constant!;
            string? refusal = tensor.Type != ElementType.Float32 ? $"its weights are of type {tensor.Type}"
                : tensor.Count < Fewest ? $"it has only {tensor.Count} weights"
                : tensor.Shape.Rank < 2 ? "its weights are a vector"
                : null;
            if (refusal is null)
            {
                usable.Add(operand);
            }

            why ??= refusal;
        }

        return (usable, usable.Count > 0 ? null : why);
    }

    private static WeightOperand[] Candidates(Node node) => node.Domain.Length > 0 ? [] : node.OpType switch
    {
        "Conv" => [new(1, 0)],
        "ConvTranspose" => [new(1, 1)],
        "Gemm" => [new(1, node.GetInt("transB", 0) != 0 ? 0 : 1)],
        "MatMul" => [new(0, Rank(node, 0) - 2), new(1, Rank(node, 1) - 1)],
        "Gather" when node.GetInt("axis", 0) == 0 && Rank(node, 0) == 2 => [new(0, 0)],
        "RNN" or "GRU" or "LSTM" => [new(1, 1), new(2, 1)],
        _ => [],
    };

    private static int Rank(Node node, int input) => node.Input(input)?.Constant?.Shape.Rank ?? 2;
}
