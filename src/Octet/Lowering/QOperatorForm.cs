using Octet.Graphs;
using Octet.Operators;
using Octet.Planning.Targets;

namespace Octet.Lowering;

/// <summary>
/// Turns float operators between QuantizeLinear and DequantizeLinear into the integer operators that stand for them: QLinearConv, QLinearMatMul and
/// those of the set com.microsoft. Integers flow between them; the pairs remain at the borders to float operators, and around operators of which ONNX
/// Runtime has no integer form.
/// </summary>
/// <remarks>
/// With unsigned activations ONNX Runtime computes the same as from the QDQ form, bit for bit. With signed ones it does not load the integer
/// operators where it is asked for exact kernels (<c>session.x64quantprecision</c>); the QDQ form it does.
/// </remarks>
public sealed class QOperatorForm
{
    private readonly Model model;

    private QOperatorForm(Model model) => this.model = model;

    /// <summary>Makes a copy of a model in QDQ form with integer operators.</summary>
    /// <param name="model">As <see cref="QdqLowering"/> makes it.</param>
    public static Model Of(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var copy = model.Clone();
        var form = new QOperatorForm(copy);
        foreach (var node in copy.Graph.Nodes.ToArray())
        {
            form.Convert(node);
        }

        copy.Graph.RemoveUnused();
        if (copy.Graph.Nodes.Any(n => n.Domain == StoredWeights.Microsoft))
        {
            copy.Opsets.TryAdd(StoredWeights.Microsoft, 1);
        }

        return copy;
    }

    private void Convert(Node node)
    {
        if (OnnxRuntimeTarget.Table.RuleFor(node.Domain, node.OpType) is not { } rule
            || (rule.Modes is { } modes && !modes.Contains(node.GetText("mode", "nearest")))
            || IntegerValue.Behind(node.Input(0)) is not { } x)
        {
            return;
        }

        if (OperatorCatalog.RoleOf(node) is OperatorRole.PassThrough)
        {
            PassIntegers(node, x);
            return;
        }

        var y = RequantizedOutput.Of(node.Output);
        switch (node.OpType)
        {
            case "Conv" when y is not null && IntegerValue.Behind(node.Input(1)) is { } w && HasIntegerBias(node, out var bias):
                Replace(node, y, "QLinearConv", string.Empty, [.. x.Three, .. w.Three, .. y.Two, .. Optional(bias)]);
                break;
            case "Gemm" when IntegerValue.Behind(node.Input(1)) is { } b && HasIntegerBias(node, out var c):
                Replace(node, y, "QGemm", StoredWeights.Microsoft, [.. x.Three, .. b.Three, c, .. y?.Two ?? []], "alpha", "transA", "transB");
                break;
            case "MatMul" when IntegerValue.Behind(node.Input(1)) is { } b:
                if (y is not null)
                {
                    Replace(node, y, "QLinearMatMul", string.Empty, [.. x.Three, .. b.Three, .. y.Two]);
                }
                else
                {
                    Replace(node, null, "MatMulIntegerToFloat", StoredWeights.Microsoft, [x.Values, b.Values, x.Scale, b.Scale, x.ZeroPoint, b.ZeroPoint]);
                }

                break;
            case "Add" or "Mul" when y is not null && IntegerValue.Behind(node.Input(1)) is { } second:
                Replace(node, y, "QLinear" + node.OpType, StoredWeights.Microsoft, [.. x.Three, .. second.Three, .. y.Two]);
                break;
            case "Concat" when y is not null && node.Inputs.Select(IntegerValue.Behind).ToArray() is var parts && parts.All(p => p is not null):
                Replace(node, y, "QLinearConcat", StoredWeights.Microsoft, [.. y.Two, .. parts.SelectMany(p => p!.Three)]);
                break;
            case "AveragePool" or "GlobalAveragePool" or "LeakyRelu" or "Sigmoid" when y is not null && !node.Attributes.ContainsKey("dilations"):
                Replace(node, y, "QLinear" + node.OpType, StoredWeights.Microsoft, [.. x.Three, .. y.Two]);
                break;
            case "Softmax" when y is not null:
                var softmax = Replace(node, y, "QLinearSoftmax", StoredWeights.Microsoft, [.. x.Three, .. y.Two]);
                softmax.SetAttribute("axis", node.GetInt("axis", -1));
                softmax.SetAttribute("opset", model.Opsets[string.Empty]);
                break;
        }
    }

    // Integers can be moved as they are where no scale changes.
    private static void PassIntegers(Node node, IntegerValue x)
    {
        var outputs = node.Outputs.OfType<Value>().Where(o => o.Uses.Count > 0 || o.IsOutput).Select(o => (Output: o, Target: RequantizedOutput.Of(o))).ToArray();
        if (node.Is("Pad") || outputs.Any(o => o.Target is not { Clamp: null } target || target.Scale != x.Scale || target.ZeroPoint != x.ZeroPoint))
        {
            return;
        }

        node.SetInput(0, x.Values);
        foreach (var (output, target) in outputs)
        {
            string name = target!.Quantize.Output.Name;
            target.Quantize.Output.ReplaceWith(output);
            node.Graph.Remove(target.Quantize);
            output.Type = output.TensorType is { } type ? type with { ElementType = x.ZeroPoint.Constant!.Type } : null;
            node.Graph.Rename(output, name);
        }
    }

    private static bool HasIntegerBias(Node node, out Value? bias)
    {
        bias = IntegerValue.Behind(node.Input(2))?.Values;
        return node.Input(2) is null || bias is not null;
    }

    private static IEnumerable<Value?> Optional(Value? value) => value is null ? [] : [value];

    private static Node Replace(Node node, RequantizedOutput? y, string opType, string domain, Value?[] inputs, params string[] keptAttributes)
    {
        var graph = node.Graph;
        var result = y?.Quantize.Output ?? node.Output;
        string name = result.Name;
        var integer = graph.AddNode(opType, inputs, [name], domain, node);
        integer.Name = node.Name;
        integer.Source = node.Source;
        integer.Output.Type = y is null ? node.Output.Type : null;
        foreach (var (attribute, value) in node.Attributes.Where(a => keptAttributes.Length == 0 || keptAttributes.Contains(a.Key)))
        {
            integer.SetAttribute(attribute, value);
        }

        // Quantization is monotonic: to clamp integers is to quantize what was clamped.
        result.ReplaceWith(y?.Clamped(integer.Output) ?? integer.Output);
        foreach (var old in new[] { y?.Quantize, y?.Clamp, node }.OfType<Node>())
        {
            graph.Remove(old);
        }

        if (graph.Find(name) is null)
        {
            graph.Rename(integer.Output, name);
        }

        return integer;
    }
}
