using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Inference;
using Octet.Integers.Steps;
using Octet.Lowering;
using Octet.Numerics;
using Octet.Tests.Lowering;

namespace Octet.Tests.Integers;

/// <summary>QDQ models as other tools write them: weights that are quantized at every run, zero points left out. The engine takes them, and gives what ONNX Runtime gives.</summary>
public sealed class QdqCompletionTests
{
    private static readonly Dictionary<string, Func<Builder, Value>> Models = new(StringComparer.Ordinal)
    {
        ["Conv"] = b => b.Node("Conv", [b.X(1, 3, 9, 8), b.Weights(5, 3, 3, 3), b.Bias(5)]),
        ["Conv, Relu"] = b => b.Node("Relu", [b.Node("Conv", [b.X(1, 3, 9, 8), b.Weights(5, 3, 3, 3)])]),
        ["Conv, scales of channels"] = b => b.Node("Conv", [b.X(1, 3, 9, 8), b.WeightsOfChannels(5, 3, 3, 3), b.BiasOfChannels(5)]),
        ["Conv, clipped integers"] = b => b.Node("Conv", [b.X(1, 3, 9, 8), b.ClippedWeights(5, 3, 3, 3)]),
        ["Conv, computed scale"] = b => b.Node("Conv", [b.X(1, 3, 9, 8), b.WeightsOfLargest(5, 3, 3, 3)]),
        ["Conv, transposed weights"] = b => b.Node("Conv", [b.X(1, 3, 9, 8), b.TransposedWeights(3, 3, 3, 5)]),
        ["MatMul"] = b => b.Node("MatMul", [b.X(4, 12), b.Weights(12, 7)]),
        ["Gemm"] = b => b.Node("Gemm", [b.X(4, 12), b.Weights(12, 7), b.Bias(7)]),
        ["Add, constant"] = b => b.Node("Add", [b.X(1, 3, 9, 8), b.Weights(3, 1, 1)]),
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string name in Models.Keys)
            {
                foreach (string zeros in new[] { "left out", "left out, int8 by type", "given" })
                {
                    cases.Add(name, zeros);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Run_GivesWhatOnnxRuntimeGives_WithIntegersAlone(string name, string zeros)
    {
        foreach (bool isExact in new[] { true, false })
        {
            var builder = new Builder(zeros, isExact);
            var y = Models[name](builder);
            builder.Graph.AddOutput(builder.Pair(y, 0.05f));
            builder.Graph.Outputs[0].Type = new TensorType(ElementType.Float32, null);
            var model = new Model(builder.Graph) { Opsets = { [string.Empty] = 21 } };
            Assert.Empty(model.Graph.Verify());

            // As it is in a file.
            model = OnnxFormat.Read(OnnxFormat.ToBytes(model), "qdq");
            var random = new Random(5);
            var program = ModelRunner.ProgramOf(model, Inputs(random, builder.Shape));
            Assert.Empty(program.Reasons);
            Assert.DoesNotContain(program.Steps, s => s is FloatStep);
            using var session = new IntegerSession(program);
            var completed = QdqCompletion.Of(model);
            int distinct = 0;
            for (int i = 0; i < 20; i++)
            {
                var inputs = Inputs(random, builder.Shape);
                float[] expected = Judge.Run(model, inputs, new FloatSessionOptions { Optimization = GraphOptimization.None })[0];
                float[] found = session.Run(inputs)[0].ToFloats();
                if (isExact)
                {
                    Assert.Equal(expected, found);
                }
                else
                {
                    // ONNX Runtime (1.29) has integer kernels for integer weights with zero points alone, and none with a Relu behind them that says something; floats fall to either side of a half.
                    Assert.True(name == "Conv, Relu" || Judge.Run(completed, inputs)[0].AsSpan().SequenceEqual(found));
                    Assert.All(expected.Zip(found), p => Assert.Equal(p.First, p.Second, 0.051f));
                }

                distinct = Math.Max(distinct, expected.Distinct().Count());
            }

            Assert.True(distinct > 12, "the outputs tell something");
        }
    }

    [Theory]
    [InlineData(ElementType.UInt8)]
    [InlineData(ElementType.Int8)]
    public void Run_OfIntegersThatAreGiven_TakesTheirType(ElementType type)
    {
        var graph = new Graph("given");
        var shape = new Shape(2, 30);
        var given = graph.AddInput("x", TensorType.Of(type, shape));
        var scale = graph.AddConstant("scale", Tensor.Scalar(0.25f));
        var result = graph.Add("QuantizeLinear", [graph.Add("Relu", [graph.Add("DequantizeLinear", [given, scale], "real")], "y"), graph.AddConstant("other", Tensor.Scalar(0.5f))], "z");
        result.Producer!.SetAttribute("output_dtype", (long)type);
        graph.AddOutput(result);
        result.Type = TensorType.Of(type, shape);
        var model = new Model(graph) { Opsets = { [string.Empty] = 21 } };
        var inputs = new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["x"] = Tensor.FromArray(type, [.. Enumerable.Range(0, 60).Select(i => (byte)(i * 5))], shape) };
        var program = ModelRunner.ProgramOf(model, inputs);
        Assert.Empty(program.Reasons);
        using var session = new IntegerSession(program);
        Assert.Equal(Judge.Run(model, inputs)[0], session.Run(inputs)[0].ToFloats());
    }

    [Fact]
    public void Of_AModelThatLacksNothing_IsTheModel()
    {
        var builder = new Builder("given", isExact: false);
        builder.Graph.AddOutput(builder.Pair(builder.X(2, 3), 0.1f));
        var model = new Model(builder.Graph) { Opsets = { [string.Empty] = 21 } };
        Assert.Same(model, QdqCompletion.Of(model));
    }

    [Fact]
    public void Of_AModel_LeavesItAsItIs()
    {
        var builder = new Builder("left out", isExact: false);
        builder.Graph.AddOutput(builder.Pair(builder.Node("MatMul", [builder.X(4, 12), builder.Weights(12, 7)]), 0.1f));
        var model = new Model(builder.Graph) { Opsets = { [string.Empty] = 21 } };
        byte[] before = OnnxFormat.ToBytes(model);
        var completed = QdqCompletion.Of(model);
        Assert.Equal(before, OnnxFormat.ToBytes(model));
        Assert.Equal((3, 2), (model.Graph.Nodes.Count(n => n.Is("QuantizeLinear")), completed.Graph.Nodes.Count(n => n.Is("QuantizeLinear"))));
        Assert.All(completed.Graph.Nodes.Where(n => n.OpType.EndsWith("Linear", StringComparison.Ordinal)), n => Assert.True(n.Input(2) is { IsConstant: true }));
        Assert.Empty(completed.Graph.Verify());
    }

    private static Dictionary<string, Tensor> Inputs(Random random, long[] shape) => new(StringComparer.Ordinal) { ["x"] = WeightedModels.Random(random, 1.2f, shape) };

    private sealed class Builder(string zeros, bool isExact)
    {
        private readonly Random random = new(7);

        public Graph Graph { get; } = new("qdq");

        public long[] Shape { get; private set; } = [];

        public Value X(params long[] shape) => Dequantized(IntegersOfX(shape), Scale(0.02f), "x_dq");

        public Value Weights(params long[] shape) => Pair(Floats(shape), 0.01f);

        public Value WeightsOfChannels(params long[] shape)
        {
            var scales = Graph.AddConstant("w_scales", Tensor.FromArray([.. Enumerable.Range(1, (int)shape[0]).Select(i => Rounded(0.004f * i))], new Shape(shape[0])));
            var integers = Quantized(Floats(shape), scales, "w_q");
            integers.Producer!.SetAttribute("axis", 0);
            var result = Dequantized(integers, scales, "w_dq");
            result.Producer!.SetAttribute("axis", 0);
            return result;
        }

        public Value ClippedWeights(params long[] shape)
        {
            var scale = Scale(0.01f);
            var integers = Quantized(Floats(shape), scale, "w_q");
            bool isSigned = zeros != "left out";
            var type = isSigned ? ElementType.Int8 : ElementType.UInt8;
            Value Bound(sbyte value) => Graph.AddConstant("bound", Tensor.FromArray(type, [(byte)value], default));
            return Dequantized(Node("Clip", [integers, Bound(isSigned ? (sbyte)-50 : (sbyte)3), Bound(60)]), scale, "w_dq");
        }

        public Value WeightsOfLargest(params long[] shape)
        {
            var floats = Floats(shape);
            var largest = Node("ReduceMax", [Node("Abs", [floats])], ("keepdims", 0L));
            var scale = Node("Div", [largest, Graph.AddConstant("levels", Tensor.Scalar(127f))]);
            scale = isExact ? Scale(0.01f) : scale;
            return Dequantized(Quantized(floats, scale, "w_q"), scale, "w_dq");
        }

        public Value TransposedWeights(params long[] shape) => Pair(Node("Transpose", [Floats(shape)], ("perm", new long[] { 3, 0, 1, 2 })), 0.01f);

        public Value Bias(int count) => Bias(count, Tensor.Scalar(Rounded(0.02f) * Rounded(0.01f)));

        public Value BiasOfChannels(int count)
            => Bias(count, Tensor.FromArray([.. Enumerable.Range(1, count).Select(i => Rounded(0.02f) * Rounded(0.004f * i))], new Shape(count)));

        public Value Node(string opType, Value?[] inputs, params (string Name, AttributeValue Value)[] attributes)
        {
            var node = Graph.AddNode(opType, inputs, [opType.ToLowerInvariant()]);
            foreach (var (name, value) in attributes)
            {
                node.SetAttribute(name, value);
            }

            return node.Output;
        }

        public Value Pair(Value value, float scale)
        {
            var s = Scale(scale);
            return Dequantized(Quantized(value, s, value.Name + "_q"), s, value.Name + "_dq");
        }

        private Value Bias(int count, Tensor scales)
        {
            int[] values = [.. Enumerable.Range(0, count).Select(_ => random.Next(-900, 900))];
            var result = Graph.Add("DequantizeLinear", [Graph.AddConstant("b", Tensor.FromArray(values, new Shape(count))), Graph.AddConstant("b_scale", scales)], "b_dq");
            result.Producer!.SetAttribute("axis", 0);
            return result;
        }

        private Value IntegersOfX(long[] shape)
        {
            Shape = shape;
            return Quantized(Graph.AddInput("x", TensorType.Of(ElementType.Float32, new Shape(shape))), Scale(0.02f), "x_q");
        }

        private Value Floats(long[] shape) => Graph.AddConstant("w", WeightedModels.Random(random, 1.3f, shape));

        private Value Quantized(Value value, Value scale, string name)
        {
            var quantized = Graph.Add("QuantizeLinear", [value, scale, Zero(scale)], name);
            if (zeros == "left out, int8 by type")
            {
                quantized.Producer!.SetAttribute("output_dtype", (long)ElementType.Int8);
            }

            return quantized;
        }

        private Value Dequantized(Value integers, Value scale, string name) => Graph.Add("DequantizeLinear", [integers, scale, Zero(scale)], name);

        private Value? Zero(Value scale)
        {
            if (zeros != "given")
            {
                return null;
            }

            var shape = scale.Constant?.Shape ?? default;
            return Graph.AddConstant("zero", Tensor.FromArray(ElementType.Int8, new byte[shape.Count], shape));
        }

        // Scales as nodes, as exporters write them.
        private Value Scale(float scale)
        {
            if (zeros == "given")
            {
                return Graph.AddConstant("scale", Tensor.Scalar(Rounded(scale)));
            }

            var node = Graph.AddNode("Constant", [], ["scale"]);
            node.SetAttribute("value", Tensor.Scalar(Rounded(scale)));
            return node.Output;
        }

        private float Rounded(float scale) => isExact ? PowerOfTwo.AtLeast(scale) : scale;
    }
}
