using System.Text.Json.Serialization;
using Octet.Graphs;
using static Octet.Cli.Terminal.Figures;

namespace Octet.Cli.Commands;

/// <summary>The quantization that a model holds.</summary>
/// <param name="Quantize">QuantizeLinear nodes.</param>
/// <param name="Dequantize">DequantizeLinear nodes.</param>
/// <param name="Dynamic">Nodes that choose scales at run time.</param>
/// <param name="IntegerOperators">Nodes that compute with integers: QLinearConv, MatMulInteger and their kin.</param>
/// <param name="Weights">Constants that DequantizeLinear reads, by type, and whether they have a scale a channel.</param>
internal sealed record FoundQuantization(int Quantize, int Dequantize, int Dynamic, int IntegerOperators, IReadOnlyDictionary<string, int> Weights)
{
    /// <summary>What is to be told of it.</summary>
    [JsonIgnore]
    public IEnumerable<(string Name, string Text)> Facts
    {
        get
        {
            if (Quantize + Dequantize + Dynamic + IntegerOperators == 0)
            {
                yield return ("quantized", "no");
                yield break;
            }

            yield return ("quantized", string.Join(", ", ((int Count, string Noun)[])[(Quantize, "QuantizeLinear"), (Dequantize, "DequantizeLinear"), (Dynamic, "dynamic"), (IntegerOperators, "integer")]
                is var all ? all.Where(a => a.Count > 0).Select(a => Text($"{a.Count} {a.Noun}")) : []));
            foreach (var (kind, count) in Weights)
            {
                yield return (string.Empty, Text($"{Of(count, "constant")} of {kind}"));
            }
        }
    }

    /// <summary>Looks for quantization, in inner graphs, too.</summary>
    public static FoundQuantization In(Model model)
    {
        Node[] nodes = [.. model.Graph.AllNodes];
        var weights = nodes.Where(n => n.Is("DequantizeLinear") && n.Input(0)?.Constant is not null)
            .CountBy(n => $"{n.Inputs[0]!.Constant!.Type}, {(n.Input(1)?.Constant is { Count: > 1 } ? "a scale a channel" : "one scale")}");
        return new FoundQuantization(
            nodes.Count(n => n.Is("QuantizeLinear")),
            nodes.Count(n => n.Is("DequantizeLinear")),
            nodes.Count(n => n.OpType.StartsWith("Dynamic", StringComparison.Ordinal) && n.OpType.Contains("Quantize", StringComparison.Ordinal)),
            nodes.Count(n => n.OpType.StartsWith("QLinear", StringComparison.Ordinal) || n.OpType.EndsWith("Integer", StringComparison.Ordinal) || n.OpType is "QGemm" or "MatMulNBits"),
            new SortedDictionary<string, int>(weights.ToDictionary(w => w.Key, w => w.Value), StringComparer.Ordinal));
    }
}
