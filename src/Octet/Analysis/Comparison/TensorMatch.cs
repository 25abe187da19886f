using Octet.Graphs;
using Octet.Numerics;
using Octet.Operators;

namespace Octet.Analysis.Comparison;

/// <summary>A tensor of a quantized graph and the name of the float tensor that it stands for.</summary>
/// <param name="Value">Integers with one scale, or floats that were computed from integers.</param>
/// <param name="Reference">The float tensor's name.</param>
/// <param name="Scale">Scale and zero point of the integers; null for floats.</param>
internal sealed record TensorMatch(Value Value, string Reference, (Value Scale, Value? ZeroPoint)? Scale)
{
    /// <summary>The node that computes it, as people know it; null for an input of the model.</summary>
    public Node? Layer
    {
        get
        {
            var node = Value.Producer;
            while (node is not null && (node.Is("QuantizeLinear") || OperatorCatalog.RoleOf(node) is OperatorRole.Clamping))
            {
                node = node.Inputs[0]?.Producer;
            }

            return node;
        }
    }

    /// <summary>Type of the values, in lower case.</summary>
    public string Type => (Scale is not { } s ? ElementType.Float32 : s.ZeroPoint?.Constant?.Type ?? ElementType.UInt8).ToString().ToLowerInvariant();

    /// <summary>Finds the quantized activations of a graph, and the floats that layers with integers give.</summary>
    /// <param name="graph">The quantized graph, Constant nodes lifted.</param>
    /// <param name="reference">The float graph.</param>
    /// <returns>Those that the float graph has by name, and the names of the integers of which it has none.</returns>
    public static (IReadOnlyList<TensorMatch> Matches, IReadOnlyList<string> Strangers) All(Graph graph, Graph reference)
    {
        var matches = new List<TensorMatch>();
        var strangers = new List<string>();
        var touched = new HashSet<Value>();
        foreach (var node in graph.Nodes)
        {
            bool touches = IsOfQuantization(node) || node.Inputs.OfType<Value>().Any(touched.Contains);
            foreach (var value in node.Outputs.OfType<Value>())
            {
                if (ParametersOf(value) is { } parameters)
                {
                    if (NameIn(reference, value) is { } name)
                    {
                        matches.Add(new TensorMatch(value, name, parameters));
                    }
                    else
                    {
                        strangers.Add(value.Name);
                    }
                }
                else if (touches && !node.Is("DequantizeLinear") && !value.Uses.Any(u => u.Node.Is("QuantizeLinear")) && reference.Find(value.Name) is { IsConstant: false })
                {
                    matches.Add(new TensorMatch(value, value.Name, null));
                }
                else if (touches)
                {
                    touched.Add(value);
                }
            }
        }

        return (matches, strangers);
    }

    // Scale and zero point of integers that stand for one float tensor, at places that ONNX and com.microsoft give them.
    private static (Value Scale, Value? ZeroPoint)? ParametersOf(Value value)
    {
        if (value.Producer is not { } node || value != node.Outputs[0] && OperatorCatalog.RoleOf(node) is not OperatorRole.PassThrough)
        {
            return null;
        }

        int first = node.OpType switch
        {
            "QuantizeLinear" => 1,
            "QLinearConcat" => 0,
            "QLinearConv" or "QLinearMatMul" or "QLinearAdd" or "QLinearMul" => 6,
            "QGemm" => 7,
            _ when node.OpType.StartsWith("QLinear", StringComparison.Ordinal) => 3,
            _ => -1,
        };
        return first >= 0 ? node.Input(first) is { Constant.Count: 1 } scale && !node.Inputs[0]!.IsConstant ? (scale, node.Input(first + 1)) : null
            : OperatorCatalog.RoleOf(node) is OperatorRole.PassThrough or OperatorRole.Clamping && node.Input(0) is { } moved ? ParametersOf(moved)
            : null;
    }

    // Quantizers name integers by the tensor that they stand for and a suffix; what is rounded may bear the name of something before its clamp.
    private static string? NameIn(Graph reference, Value integers)
    {
        IEnumerable<string> names = [integers.Name, .. integers.Uses.Where(u => u.Node.Is("DequantizeLinear")).Select(u => u.Node.Output.Name)];
        string? known = names.SelectMany(Stems).FirstOrDefault(n => reference.Find(n) is { IsConstant: false });
        return known ?? (integers.Producer!.Is("QuantizeLinear") && reference.Find(integers.Producer.Inputs[0]!.Name) is { IsConstant: false } rounded ? rounded.Name : null);
    }

    private static IEnumerable<string> Stems(string name)
    {
        yield return name;
        for (int end = name.LastIndexOf('_'); end > 0; end = name.LastIndexOf('_', end - 1))
        {
            yield return name[..end];
        }
    }

    private static bool IsOfQuantization(Node node)
        => node.OpType is "QuantizeLinear" or "DequantizeLinear" or "QGemm" or "MatMulNBits" or "MatMulIntegerToFloat" or "DequantizeBFP"
            || node.OpType.StartsWith("QLinear", StringComparison.Ordinal) || node.OpType.StartsWith("Dynamic", StringComparison.Ordinal)
            || (node.OpType.EndsWith("Integer", StringComparison.Ordinal) && node.OpType is "ConvInteger" or "MatMulInteger");
}
