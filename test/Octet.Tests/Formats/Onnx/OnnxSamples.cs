using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Tests.Formats.Onnx;

/// <summary>Small models and messages for the tests of the format.</summary>
internal static class OnnxSamples
{
    /// <summary>y = Relu(x · w + b), opset 13.</summary>
    public static Model Model()
    {
        var graph = new Graph("sample");
        var x = graph.AddInput("x", new TensorType(ElementType.Float32, [new Dimension(null, "N"), new Dimension(3, null)]));
        var w = graph.AddConstant("w", Tensor.FromArray([1f, 2, 3, 4, 5, 6], new Shape(3, 2)));
        var b = graph.AddConstant("b", Tensor.FromArray([1f, -1], new Shape(2)));
        var y = graph.Add("Relu", [graph.Add("Gemm", [x, w, b], "sum")], "y");
        y.Type = new TensorType(ElementType.Float32, [new Dimension(null, "N"), new Dimension(2, null)]);
        graph.AddOutput(y);
        return new Model(graph) { Opsets = { [string.Empty] = 13 } };
    }
}
