using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Inference;
using Octet.Integers.Steps;
using Octet.Numerics;
using Octet.Tests.Lowering;

namespace Octet.Tests.Integers;

/// <summary>Integers whose scales are found at run time, against ONNX Runtime: 0 differing ones.</summary>
public sealed class DynamicModelTests
{
    private static readonly Dictionary<string, Func<Builder, Value>> Models = new(StringComparer.Ordinal)
    {
        ["MatMulInteger"] = b => b.MatMul([3, 5, 37], b.W(ElementType.Int8, 37, 70), b.Zero(ElementType.Int8, 1, 3)),
        ["MatMulInteger, unsigned weights"] = b => b.MatMul([7, 96], b.W(ElementType.UInt8, 96, 33), b.Zero(ElementType.UInt8, 1, 101)),
        ["MatMulInteger, a zero point for each output"] = b => b.MatMul([7, 96], b.W(ElementType.Int8, 96, 8), b.Zero(ElementType.Int8, 8, -3)),
        ["MatMulInteger, no zero points"] = b => b.MatMul([7, 96], b.W(ElementType.UInt8, 96, 33), null, isSigned: true),
        ["MatMulInteger, one row"] = b => b.MatMul([96], b.W(ElementType.Int8, 96, 33), null),
        ["ConvInteger"] = b => b.Conv([2, 3, 9, 8], b.W(ElementType.UInt8, 21, 3, 3, 3), b.Zero(ElementType.UInt8, 1, 101), ("pads", new long[] { 1, 1, 1, 1 })),
        ["ConvInteger, signed weights"] = b => b.Conv([1, 20, 9, 8], b.W(ElementType.Int8, 40, 20, 3, 2), b.Zero(ElementType.Int8, 1, -5), ("strides", new long[] { 2, 1 }), ("auto_pad", "SAME_UPPER")),
        ["ConvInteger, groups"] = b => b.Conv([1, 24, 9, 8], b.W(ElementType.UInt8, 6, 12, 3, 3), null, ("group", 2L), ("dilations", new long[] { 2, 1 })),
        ["ConvInteger, depthwise"] = b => b.Conv([1, 6, 9, 8], b.W(ElementType.UInt8, 6, 1, 3, 3), b.Zero(ElementType.UInt8, 1, 130), ("group", 6L), ("pads", new long[] { 0, 1, 2, 1 })),
        ["ConvInteger, rows"] = b => b.Conv([1, 6, 19], b.W(ElementType.UInt8, 5, 6, 4), b.Zero(ElementType.UInt8, 1, 3)),
    };

    public static TheoryData<string> Names => [.. Models.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_OfDynamicallyQuantizedOperators_GivesTheIntegersOfOnnxRuntime(string name)
    {
        var builder = new Builder();
        builder.Graph.AddOutput(Models[name](builder));
        foreach (var output in builder.Graph.Outputs)
        {
            output.Type = new TensorType(output.Producer!.Is("DynamicQuantizeLinear") && output == output.Producer.Outputs[1] ? ElementType.Float32 : output.Producer.Is("DynamicQuantizeLinear") ? ElementType.UInt8 : ElementType.Int32, null);
        }

        var model = new Model(builder.Graph) { Opsets = { [string.Empty] = 13 } };
        var random = new Random(23);
        foreach (var set in new[] { InstructionSet.Automatic, InstructionSet.Portable, InstructionSet.Scalar })
        {
            for (int i = 0; i < 5; i++)
            {
                // Ranges on both sides of 0, on one of them, and none.
                var tensor = WeightedModels.Random(random, 1.5f, builder.Shape);
                float shift = i switch { 0 => 0.3f, 1 => 5, 2 => -5, _ => 0 };
                float[] values = builder.IsSigned ? [.. tensor.ToFloats().Select(v => MathF.Round(v * 80))] : i == 4 ? new float[tensor.Count] : [.. tensor.ToFloats().Select(v => v + shift)];
                tensor = builder.IsSigned ? Tensor.FromArray([.. values.Select(v => (sbyte)v)], tensor.Shape) : Tensor.FromArray(values, tensor.Shape);
                var inputs = new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["x"] = tensor };
                var program = ModelRunner.ProgramOf(model, inputs);
                Assert.Empty(program.Reasons);
                Assert.DoesNotContain(program.Steps, s => s is FloatStep);
                using var session = new IntegerSession(program, new IntegerSessionOptions { Instructions = set });
                Assert.Equal(Judge.Run(model, inputs), session.Run(inputs).Select(t => t.ToFloats()));
            }
        }
    }

    [Theory]
    [InlineData("Gemm")]
    [InlineData("MatMul")]
    [InlineData("MatMul odd")]
    public void Run_OfADynamicallyQuantizedModel_GivesWhatOnnxRuntimeGives(string name)
    {
        using var folder = new TemporaryFolder();
        var (model, inputs) = WeightedModels.Make(name);
        OnnxFormat.Write(model, folder["model.onnx"]);
        var quantized = new Quantizer(new QuantizerOptions { Mode = QuantizationMode.Dynamic }).Quantize(folder["model.onnx"], null).Model;
        float[][] expected = Judge.Run(quantized, inputs);

        // As it is, and as ONNX Runtime makes one operator of each product.
        _ = Judge.Run(quantized, inputs, new FloatSessionOptions { OptimizedModelPath = folder["fused.onnx"], Optimization = GraphOptimization.Extended });
        foreach (var form in new[] { quantized, OnnxFormat.Read(folder["fused.onnx"]) })
        {
            var program = ModelRunner.ProgramOf(form, inputs);
            Assert.Contains(program.Steps, s => s is DenseSumsStep);
            Assert.DoesNotContain(program.Reasons, r => r.Value.StartsWith("MatMul", StringComparison.Ordinal));
            using var session = new IntegerSession(program);
            Assert.Equal(expected, session.Run(inputs).Select(t => t.ToFloats()));
        }
    }

    [Fact]
    public void ParamsOf_WithoutARange_HaveScaleOne()
    {
        foreach (float[] values in new float[][] { [], [0, 0], [float.NaN], [float.MaxValue, float.MinValue], [float.Epsilon] })
        {
            Assert.Equal(1, DynamicQuantizeStep.ParamsOf(values).Scale);
        }

        Assert.Equal(new QuantParams(QuantType.Int8, 3f / 255, -43), DynamicQuantizeStep.ParamsOf([2, float.NaN, -1]));
    }

    private sealed class Builder
    {
        private readonly Random random = new(5);

        public Graph Graph { get; } = new("dynamic");

        public long[] Shape { get; private set; } = [];

        public bool IsSigned { get; private set; }

        public Value W(ElementType type, params long[] shape)
            => Graph.AddConstant("w", Tensor.FromArray(type, [.. Enumerable.Range(0, (int)new Shape(shape).Count).Select(_ => (byte)random.Next(256))], new Shape(shape)));

        public Value Zero(ElementType type, int count, int first)
            => Graph.AddConstant("w_zero", Tensor.FromArray(type, [.. Enumerable.Range(first, count).Select(z => (byte)z)], count == 1 ? default : new Shape(count)));

        public Value MatMul(long[] shape, Value weights, Value? zero, bool isSigned = false)
        {
            var (x, own) = X(shape, isSigned);
            return Graph.Add("MatMulInteger", [x, weights, own, zero], "y");
        }

        public Value Conv(long[] shape, Value weights, Value? zero, params (string Name, AttributeValue Value)[] attributes)
        {
            var (x, own) = X(shape, isSigned: false);
            var y = Graph.Add("ConvInteger", [x, weights, own, zero], "y");
            foreach (var (name, value) in attributes)
            {
                y.Producer!.SetAttribute(name, value);
            }

            return y;
        }

        // Floats quantized at run time, with all that was found as outputs; or integers without a zero point.
        private (Value X, Value? Zero) X(long[] shape, bool isSigned)
        {
            Shape = shape;
            IsSigned = isSigned;
            var x = Graph.AddInput("x", TensorType.Of(isSigned ? ElementType.Int8 : ElementType.Float32, new Shape(shape)));
            if (isSigned)
            {
                return (x, null);
            }

            var node = Graph.AddNode("DynamicQuantizeLinear", [x], ["x_quantized", "x_scale", "x_zero"]);
            foreach (var output in node.Outputs)
            {
                Graph.AddOutput(output!);
            }

            return (node.Outputs[0]!, node.Outputs[2]);
        }
    }
}
