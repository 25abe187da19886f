using Octet.Formats.C;
using Octet.Graphs;
using Octet.Inference;
using Octet.Integers.Steps;
using Octet.Numerics;
using Octet.Tests.Lowering;

namespace Octet.Tests.Integers;

/// <summary>Activations with a scale for each index of an axis.</summary>
public sealed class AxisTests
{
    private static readonly Shape Shape = new(2, 3, 4, 5);

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 3)]
    [InlineData(-1, 5)]
    [InlineData(-2, 4)]
    public void Run_OfBorders_GivesWhatOnnxRuntimeGives(long axis, int channels)
    {
        foreach (var type in new[] { ElementType.UInt8, ElementType.Int8 })
        {
            foreach (bool isIntegerOutput in new[] { false, true })
            {
                var graph = new Graph("axis");
                var y = Quantized(graph, graph.AddInput("x", TensorType.Of(ElementType.Float32, Shape)), type, axis, channels, 0.01f);
                if (!isIntegerOutput)
                {
                    // Two borders with other scales, and a function between them that stays float.
                    y = Dequantized(graph, Quantized(graph, graph.Add("Relu", [Dequantized(graph, y)], "relu"), type, axis, channels, 0.03f));
                }

                graph.AddOutput(y);
                graph.Outputs[0].Type = TensorType.Of(isIntegerOutput ? type : ElementType.Float32, Shape);
                var model = new Model(graph) { Opsets = { [string.Empty] = 13 } };
                var inputs = new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["x"] = WeightedModels.Random(new Random(9), 3, [.. Shape.Dimensions]) };
                var program = ModelRunner.ProgramOf(model, inputs);
                Assert.Equal(isIntegerOutput ? 1 : 2, program.Steps.Count(s => s is QuantizeStep));
                Assert.Equal(isIntegerOutput ? [] : [$"its values have scales of their own along axis {(axis < 0 ? axis + 4 : axis)}"], program.Reasons.Values);
                using var session = new IntegerSession(program);
                Assert.Equal(Judge.Run(model, inputs)[0], session.Run(inputs)[0].ToFloats());
            }
        }
    }

    [Fact]
    public void Run_OfOneScaleAndMany_RequantizesBetweenThem()
    {
        var graph = new Graph("axis");
        var x = Quantized(graph, graph.AddInput("x", TensorType.Of(ElementType.Float32, Shape)), ElementType.Int8, 1, 1, 0.02f);
        var many = Dequantized(graph, Quantized(graph, Dequantized(graph, x), ElementType.Int8, 1, 3, 0.01f));
        graph.AddOutput(Dequantized(graph, Quantized(graph, many, ElementType.Int8, 1, 1, 0.05f)));
        graph.AddOutput(many);
        var model = new Model(graph) { Opsets = { [string.Empty] = 13 } };
        foreach (var output in graph.Outputs)
        {
            output.Type = TensorType.Of(ElementType.Float32, Shape);
        }

        var inputs = new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["x"] = WeightedModels.Random(new Random(9), 3, [.. Shape.Dimensions]) };
        var program = ModelRunner.ProgramOf(model, inputs);
        Assert.Empty(program.Reasons);
        using var session = new IntegerSession(program);
        Assert.Equal(Judge.Run(model, inputs), session.Run(inputs).Select(t => t.ToFloats()));
        var refused = Assert.Throws<OctetException>(() => CProject.Of(program, "axis", "1", []));
        Assert.Equal(ErrorCodes.NoIntegerForm, refused.Code);
        Assert.Contains("along axis 1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OfBordersThatAreNotOurs_IsOnnxRuntimes()
    {
        // A scale that a caller gives, and a constant that is quantized at every run.
        var graph = new Graph("borders");
        var x = graph.AddInput("x", TensorType.Of(ElementType.Float32, Shape));
        var scale = graph.AddInput("scale", TensorType.Of(ElementType.Float32, default));
        var zero = graph.AddConstant("zero", Tensor.FromArray(ElementType.Int8, new byte[1], default));
        var constant = graph.AddConstant("c", WeightedModels.Random(new Random(2), 1, [.. Shape.Dimensions]));
        var known = Dequantized(graph, Quantized(graph, constant, ElementType.Int8, 1, 1, 0.01f));
        var q = graph.Add("QuantizeLinear", [graph.Add("Relu", [graph.Add("Add", [x, known], "sum")], "relu"), scale, zero], "q");
        graph.AddOutput(graph.Add("DequantizeLinear", [q, scale, zero], "y"));
        graph.Outputs[0].Type = TensorType.Of(ElementType.Float32, Shape);
        var model = new Model(graph) { Opsets = { [string.Empty] = 13 } };
        var inputs = new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["x"] = WeightedModels.Random(new Random(9), 3, [.. Shape.Dimensions]), ["scale"] = Tensor.Scalar(0.05f) };
        using var session = new IntegerSession(ModelRunner.ProgramOf(model, inputs));
        Assert.Equal(Judge.Run(model, inputs)[0], session.Run(inputs)[0].ToFloats());
    }

    private static Value Quantized(Graph graph, Value value, ElementType type, long axis, int channels, float first)
    {
        var shape = channels == 1 ? default : new Shape(channels);
        var scale = graph.AddConstant("scale", Tensor.FromArray([.. Enumerable.Range(1, channels).Select(c => first * c)], shape));
        var zero = graph.AddConstant("zero", Tensor.FromArray(type, [.. Enumerable.Range(1, channels).Select(c => (byte)(type == ElementType.UInt8 ? 100 + c : c))], shape));
        var result = graph.Add("QuantizeLinear", [value, scale, zero], value.Name + "_q");
        result.Producer!.SetAttribute("axis", axis);
        return result;
    }

    private static Value Dequantized(Graph graph, Value quantized)
    {
        var node = quantized.Producer!;
        var result = graph.Add("DequantizeLinear", [quantized, node.Inputs[1], node.Inputs[2]], quantized.Name + "_dq");
        result.Producer!.SetAttribute("axis", node.GetInt("axis", 1));
        return result;
    }
}
