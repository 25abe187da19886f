using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Lowering;

/// <summary>
/// The way back from <see cref="QOperatorForm"/>: integer operators become the float operators that they stand for, between DequantizeLinear and QuantizeLinear. What moves or clamps
/// integers does so between the two as well.
/// </summary>
public sealed class QOperatorExpansion
{
    private const string Microsoft = StoredWeights.Microsoft;

    // Operators that only put values elsewhere, or choose among them.
    private static readonly HashSet<string> Passing =
    [
        "MaxPool", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Transpose", "Slice", "Split", "Gather", "Expand", "Tile", "DepthToSpace", "SpaceToDepth", "Resize", "Clip", "Relu",
    ];

    // Before this operator set softmax was over all dimensions from its axis on.
    private const int SoftmaxOfOneAxis = 13;

    private readonly Graph graph;
    private readonly long operatorSet;
    private readonly Dictionary<Value, (Value Scale, Value ZeroPoint)> parameters = [];

    private QOperatorExpansion(Model model)
    {
        graph = model.Graph;
        operatorSet = model.Opsets.GetValueOrDefault(string.Empty, 1);
    }

    /// <summary>A copy of a model in QDQ form; the model itself where it has no integer operators.</summary>
    public static Model Of(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!model.Graph.Nodes.Any(n => n.OpType.StartsWith("QLinear", StringComparison.Ordinal) || (n.Domain == Microsoft && n.OpType is "QGemm" or "MatMulIntegerToFloat" or "DynamicQuantizeMatMul")))
        {
            return model;
        }

        var copy = model.Clone();
        var expansion = new QOperatorExpansion(copy);
        foreach (var node in copy.Graph.Nodes.ToArray())
        {
            expansion.Expand(node);
        }

        copy.Graph.RemoveUnused();
        return copy;
    }

    private void Expand(Node node)
    {
        Value Real(int values, int scale, int zeroPoint, int axis = 1) => Dequantized(node, node.Inputs[values]!, node.Inputs[scale]!, node.Inputs[zeroPoint]!, axis);
        switch (node.OpType)
        {
            case "QuantizeLinear" when node.Input(2) is { } zero:
                parameters[node.Output] = (node.Inputs[1]!, zero);
                break;
            case "QLinearConv":
                Replace(node, "Conv", [Real(0, 1, 2), Real(3, 4, 5, axis: 0), Bias(node, node.Input(8), 1, 4)], node.Inputs[6]!, node.Inputs[7]!);
                break;
            case "QLinearMatMul":
                Replace(node, "MatMul", [Real(0, 1, 2), Real(3, 4, 5)], node.Inputs[6]!, node.Inputs[7]!);
                break;
            case "QGemm" when node.Domain == Microsoft:
                Replace(node, "Gemm", [Real(0, 1, 2), Real(3, 4, 5, axis: node.GetInt("transB", 0) != 0 ? 0 : 1), Bias(node, node.Input(6), 1, 4)], node.Input(7), node.Input(8));
                break;
            case "DynamicQuantizeMatMul" when node.Domain == Microsoft:
                string name = node.Inputs[0]!.Name;
                var dynamic = graph.AddNode("DynamicQuantizeLinear", [node.Inputs[0]], [name + "_quantized", name + "_scale", name + "_zero_point"], before: node);
                ReplaceProduct(node, dynamic.Outputs[0]!, dynamic.Outputs[1]!, dynamic.Outputs[2], node.Inputs[2]!, node.Input(3), node.Input(4));
                break;
            case "MatMulIntegerToFloat" when node.Domain == Microsoft && node.Inputs[2]!.Constant is null:
                ReplaceProduct(node, node.Inputs[0]!, node.Inputs[2]!, node.Input(4), node.Inputs[3]!, node.Input(5), node.Input(6));
                break;
            case "MatMulIntegerToFloat" when node.Domain == Microsoft && node.Input(4) is not null && node.Input(5) is not null:
                var product = Real(0, 2, 4);
                var weights = Real(1, 3, 5);
                if (node.Input(6) is { } bias)
                {
                    var sums = graph.Add("MatMul", [product, weights], graph.FreshName(node.Output.Name + "_product"), before: node);
                    Replace(node, "Add", [sums, bias], null, null);
                    break;
                }

                Replace(node, "MatMul", [product, weights], null, null);
                break;
            case "QLinearAdd" or "QLinearMul" when node.Domain == Microsoft:
                Replace(node, node.OpType["QLinear".Length..], [Real(0, 1, 2), Real(3, 4, 5)], node.Inputs[6]!, node.Inputs[7]!);
                break;
            case "QLinearConcat" when node.Domain == Microsoft:
                Replace(node, "Concat", [.. Enumerable.Range(0, (node.Inputs.Count - 2) / 3).Select(i => Real(2 + (3 * i), 3 + (3 * i), 4 + (3 * i)))], node.Inputs[0]!, node.Inputs[1]!);
                break;
            case "QLinearAveragePool" or "QLinearGlobalAveragePool" or "QLinearLeakyRelu" or "QLinearSigmoid" when node.Domain == Microsoft && node.GetInt("channels_last", 0) == 0:
                Replace(node, node.OpType["QLinear".Length..], [Real(0, 1, 2)], node.Inputs[3]!, node.Inputs[4]!);
                break;
            case "QLinearSoftmax" when node.Domain == Microsoft && (node.GetInt("opset", SoftmaxOfOneAxis) < SoftmaxOfOneAxis) == (operatorSet < SoftmaxOfOneAxis):
                Replace(node, "Softmax", [Real(0, 1, 2)], node.Inputs[3]!, node.Inputs[4]!);
                break;
            default:
                if (node.Domain.Length == 0 && Passing.Contains(node.OpType) && node.Input(0) is { } first && parameters.TryGetValue(first, out var own))
                {
                    Pass(node, first, own);
                }

                break;
        }
    }

    // Integers that are moved have one scale before and after.
    private void Pass(Node node, Value first, (Value Scale, Value ZeroPoint) own)
    {
        node.SetInput(0, Dequantized(node, first, own.Scale, own.ZeroPoint, 1));
        if (node.Is("Clip"))
        {
            for (int i = 1; i < node.Inputs.Count; i++)
            {
                if (node.Inputs[i] is { } bound)
                {
                    node.SetInput(i, Dequantized(node, bound, own.Scale, own.ZeroPoint, 1));
                }
            }
        }

        foreach (var output in node.Outputs.OfType<Value>().ToArray())
        {
            string name = output.Name;
            graph.Rename(output, graph.FreshName(name + "_float"));
            output.Type = null;
            var quantized = graph.Add("QuantizeLinear", [own.Scale, own.Scale, own.ZeroPoint], name, before: node.Next);
            output.ReplaceWith(quantized);
            quantized.Producer!.SetInput(0, output);
            parameters[quantized] = own;
        }
    }

    private Value Dequantized(Node before, Value values, Value scale, Value zeroPoint, int axis)
    {
        var result = graph.Add("DequantizeLinear", [values, scale, zeroPoint], graph.FreshName(values.Name + "_real"), before: before);
        if (scale.Constant is { Count: > 1 })
        {
            result.Producer!.SetAttribute("axis", axis);
        }

        return result;
    }

    // Integer biases are in units of the sums.
    private Value? Bias(Node node, Value? bias, int inputScale, int weightScale)
    {
        if (bias is null || node.Inputs[inputScale]!.Constant is not { } x || node.Inputs[weightScale]!.Constant is not { } w)
        {
            return null;
        }

        float input = x.ToFloats()[0];
        float[] scales = [.. w.ToFloats().Select(s => input * s)];
        var shape = scales.Length == 1 ? default : new Shape(scales.Length);
        var scale = graph.AddConstant(bias.Name + "_scale", Tensor.FromArray(scales, shape));
        return Dequantized(node, bias, scale, graph.AddConstant(bias.Name + "_zero_point", Tensor.FromArray(new int[scales.Length], shape)), 0);
    }

    // Scales that are found at run time multiply the sums.
    private void ReplaceProduct(Node node, Value x, Value scale, Value? zeroPoint, Value weightScale, Value? weightZeroPoint, Value? bias)
    {
        Value Next(string opType, Value?[] inputs, string suffix) => graph.Add(opType, inputs, node.Output.Name + suffix, before: node);
        var floats = Next("Cast", [Next("MatMulInteger", [x, node.Inputs[1], zeroPoint, weightZeroPoint], "_sums")], "_cast");
        floats.Producer!.SetAttribute("to", (long)ElementType.Float32);
        var factor = Next("Mul", [scale, weightScale], "_scale");
        if (bias is null)
        {
            Replace(node, "Mul", [floats, factor], null, null);
            return;
        }

        Replace(node, "Add", [Next("Mul", [floats, factor], "_product"), bias], null, null);
    }

    private void Replace(Node node, string opType, Value?[] inputs, Value? scale, Value? zeroPoint)
    {
        string name = node.Output.Name;
        bool isFloat = scale is null || zeroPoint is null;
        var result = graph.Add(opType, inputs.Length == 3 && inputs[2] is null ? inputs[..2] : inputs, graph.FreshName(name + "_float"), before: node);
        var real = result.Producer!;
        real.Name = node.Name;
        real.Source = node.Source;
        foreach (var (key, value) in node.Attributes.Where(a => a.Key is not ("opset" or "channels_last")))
        {
            real.SetAttribute(key, value);
        }

        var final = isFloat ? result : graph.Add("QuantizeLinear", [result, scale, zeroPoint], graph.FreshName(name + "_integers"), before: node);
        node.Output.ReplaceWith(final);
        graph.Remove(node);
        graph.Rename(final, name);
        if (!isFloat)
        {
            parameters[final] = (scale!, zeroPoint!);
        }
    }
}
