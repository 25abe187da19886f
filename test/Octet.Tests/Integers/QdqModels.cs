using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Tests.Integers;

/// <summary>Models of one operator between QuantizeLinear and DequantizeLinear, as any tool may write them: zero points that are not 0, scales of all kinds.</summary>
internal static class QdqModels
{
    private const float Step = 0.02f;

    private static readonly Dictionary<string, Func<Builder, Value>> Operators = new(StringComparer.Ordinal)
    {
        ["ConvTranspose"] = b => b.Node("ConvTranspose", [b.X(1, 3, 7, 6), b.W(3, 5, 3, 3)]),
        ["ConvTranspose, strides"] = b => b.Node("ConvTranspose", [b.X(1, 3, 7, 6), b.W(3, 5, 3, 2)], ("strides", new long[] { 2, 3 }), ("pads", new long[] { 1, 0, 2, 1 }), ("dilations", new long[] { 1, 2 }), ("output_padding", new long[] { 1, 0 })),
        ["ConvTranspose, dilations"] = b => b.Node("ConvTranspose", [b.X(2, 3, 4, 5), b.W(3, 5, 4, 3)], ("strides", new long[] { 4, 3 }), ("dilations", new long[] { 2, 3 }), ("pads", new long[] { 3, 5, 1, 0 })),
        ["ConvTranspose, kernel below stride"] = b => b.Node("ConvTranspose", [b.X(1, 3, 4, 5), b.W(3, 5, 1, 2)], ("strides", new long[] { 2, 3 })),
        ["ConvTranspose, rows"] = b => b.Node("ConvTranspose", [b.X(1, 3, 9), b.W(3, 4, 4)], ("strides", new long[] { 2 }), ("pads", new long[] { 1, 1 })),
        ["ConvTranspose, groups"] = b => b.Node("ConvTranspose", [b.X(1, 6, 5, 4), b.W(6, 2, 3, 3)], ("group", 3L), ("strides", new long[] { 2, 2 })),
        ["ConvTranspose, depthwise"] = b => b.Node("ConvTranspose", [b.X(1, 9, 5, 4), b.W(9, 1, 4, 4)], ("group", 9L), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 })),
        ["ConvTranspose, scales of channels"] = b => b.Node("ConvTranspose", [b.X(1, 6, 5, 4), b.WeightsOfChannels(6, 2, 3, 3)], ("group", 3L), ("strides", new long[] { 2, 1 })),
        ["ConvTranspose, output shape"] = b => b.Node("ConvTranspose", [b.X(1, 3, 5, 4), b.W(3, 2, 3, 3)], ("strides", new long[] { 2, 2 }), ("output_shape", new long[] { 10, 7 })),
        ["ConvTranspose, output shape, same upper"] = b => b.Node("ConvTranspose", [b.X(1, 3, 5, 4), b.W(3, 2, 4, 3)], ("strides", new long[] { 2, 2 }), ("output_shape", new long[] { 11, 8 }), ("output_padding", new long[] { 0, 1 }), ("auto_pad", "SAME_UPPER")),
        ["ConvTranspose, same upper"] = b => b.Node("ConvTranspose", [b.X(1, 3, 5, 4), b.W(3, 2, 3, 4)], ("strides", new long[] { 2, 2 }), ("auto_pad", "SAME_UPPER")),
        ["ConvTranspose, same lower"] = b => b.Node("ConvTranspose", [b.X(1, 3, 5, 4), b.W(3, 2, 3, 4)], ("strides", new long[] { 2, 2 }), ("auto_pad", "SAME_LOWER")),
        ["Max"] = b => b.Node("Max", [b.X(2, 3, 7, 6), b.Other("Neg", 0.013f)]),
        ["Min of three"] = b => b.Node("Min", [b.X(2, 3, 7, 6), b.Other("Neg", 0.02f), b.Other("Abs", 0.03f)]),
        ["Max, broadcast"] = b => b.Node("Max", [b.X(2, 3, 7, 6), b.W(3, 1, 1), b.W(6)]),
        ["Resize, half pixel"] = b => b.Resize("half_pixel", [1, 3, 7, 6], 14, 12),
        ["Resize, half pixel, thirds"] = b => b.Resize("half_pixel", [2, 3, 7, 6], 21, 10),
        ["Resize, half pixel, smaller"] = b => b.Resize("half_pixel", [1, 3, 7, 6], 4, 3),
        ["Resize, asymmetric"] = b => b.Resize("asymmetric", [1, 3, 7, 6], 14, 24),
        ["Resize, align corners"] = b => b.Resize("align_corners", [1, 3, 7, 6], 13, 11),
        ["Resize, pytorch, fifths"] = b => b.Resize("pytorch_half_pixel", [1, 3, 7, 6], 1, 15),
        ["Softmax"] = b => b.Softmax(-1, 2, 3, 7, 6),
        ["Softmax, channels"] = b => b.Softmax(1, 2, 21, 7, 6),
        ["Softmax, first axis"] = b => b.Softmax(0, 5, 3, 2),
        ["Softmax, long"] = b => b.Softmax(1, 1, 1000),
        ["Softmax, operator set 11"] = b => b.Softmax(1, 2, 3, 7, 6),
    };

    /// <summary>Names of all models.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Operators.Keys];

    /// <summary>The model of that name, the shape of its input, and the scale of its output.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="type">Of the activations.</param>
    /// <param name="isExact">Whether all scales are powers of two, so that floats hold all sums and products as they are.</param>
    public static (Model Model, long[] Shape, float Scale) Make(string name, ElementType type, bool isExact)
    {
        var builder = new Builder(type, isExact);
        var y = Operators[name](builder);
        float scale = builder.Scale(y.Producer!.OpType switch { "ConvTranspose" => 0.05f, "Softmax" => 1 / 256f, _ => Step });
        int zero = y.Producer.Is("Softmax") ? 0 : 120;
        builder.Graph.AddOutput(builder.Pair(y, scale, zero));
        builder.Graph.Outputs[0].Type = new TensorType(ElementType.Float32, null);
        return (new Model(builder.Graph) { Opsets = { [string.Empty] = name.EndsWith("11", StringComparison.Ordinal) ? 11 : 13 } }, builder.Shape, scale);
    }

    private sealed class Builder(ElementType type, bool isExact)
    {
        private readonly Random random = new(7);

        public Graph Graph { get; } = new("qdq");

        public long[] Shape { get; private set; } = [];

        public float Scale(float scale) => isExact ? PowerOfTwo.AtLeast(scale) : scale;

        public Value X(params long[] shape)
        {
            Shape = shape;
            return Pair(Graph.AddInput("x", TensorType.Of(ElementType.Float32, new Shape(shape))), Step, 120);
        }

        /// <summary>A function of the input.</summary>
        public Value Other(string function, float scale) => Pair(Graph.Add(function, [Graph.Find("x_dq")!], function), scale, 131);

        /// <summary>Constants of one scale, unsigned ones with a zero point.</summary>
        public Value W(params long[] shape) => Dequantized(new Shape(shape), [0.01f], type);

        /// <summary>Constants with a scale for each index of axis 1.</summary>
        public Value WeightsOfChannels(params long[] shape) => Dequantized(new Shape(shape), [.. Enumerable.Range(1, (int)shape[1]).Select(i => 0.005f * i)], ElementType.Int8);

        public Value Resize(string coordinates, long[] shape, long height, long width) => Node(
            "Resize", [X(shape), null, null, Graph.AddConstant("sizes", Tensor.FromArray([shape[0], shape[1], height, width], new Shape(4)))], ("mode", "linear"), ("coordinate_transformation_mode", coordinates));

        public Value Softmax(long axis, params long[] shape) => Node("Softmax", [X(shape)], ("axis", axis));

        public Value Node(string opType, Value?[] inputs, params (string Name, AttributeValue Value)[] attributes)
        {
            var node = Graph.AddNode(opType, inputs, ["y"]);
            foreach (var (name, value) in attributes)
            {
                node.SetAttribute(name, value);
            }

            return node.Output;
        }

        /// <summary>A value quantized and dequantized.</summary>
        public Value Pair(Value value, float scale, int zero)
        {
            var s = Graph.AddConstant("scale", Tensor.Scalar(Scale(scale)));
            var z = Graph.AddConstant("zero", Tensor.FromArray(type, [(byte)(zero - (type == ElementType.Int8 ? 128 : 0))], default));
            return Graph.Add("DequantizeLinear", [Graph.Add("QuantizeLinear", [value, s, z], value.Name + "_q"), s, z], value.Name + "_dq");
        }

        private Value Dequantized(Shape shape, float[] scales, ElementType of)
        {
            byte[] values = [.. Enumerable.Range(0, (int)shape.Count).Select(_ => (byte)random.Next(of == ElementType.Int8 ? -127 : 0, of == ElementType.Int8 ? 128 : 256))];
            var scaleShape = scales.Length == 1 ? default : new Shape(scales.Length);
            byte[] zeros = [.. scales.Select(_ => (byte)(of == ElementType.Int8 ? 0 : 117))];
            var node = Graph.AddNode(
                "DequantizeLinear",
                [Graph.AddConstant("w", Tensor.FromArray(of, values, shape)), Graph.AddConstant("w_scale", Tensor.FromArray([.. scales.Select(Scale)], scaleShape)), Graph.AddConstant("w_zero", Tensor.FromArray(of, zeros, scaleShape))],
                ["w_dq"]);
            if (scales.Length > 1)
            {
                node.SetAttribute("axis", 1);
            }

            return node.Output;
        }
    }
}
