using Octet.Data;
using Octet.Formats.C;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Inference;
using Octet.Integers.Steps;
using Octet.Numerics;
using Octet.Numerics.Rescaling;
using Octet.Tests.Formats.C;
using Octet.Tests.Lowering;
using Octet.Tests.Planning;

namespace Octet.Tests.Integers;

/// <summary>Activations of 16 bits.</summary>
public sealed class WideTests
{
    private const int Long = 2000;

    public static TheoryData<string> Operators => [.. OperatorModels.All];

    public static TheoryData<ElementType, ElementType> Types => new()
    {
        { ElementType.Int16, ElementType.Int16 },
        { ElementType.UInt16, ElementType.UInt16 },
        { ElementType.UInt8, ElementType.Int16 },
        { ElementType.UInt16, ElementType.UInt8 },
        { ElementType.Int16, ElementType.Int8 },
    };

    // ONNX Runtime has no integer kernels for them: its floats round sums of 24 bits and more, and so does a float that leaves a layer.
    [Theory]
    [MemberData(nameof(Operators))]
    public void Run_OfEveryOperator_GivesTheSimulationButForItsRounding(string name)
    {
        foreach (string target in OperatorModels.Names.Contains(name) ? new[] { "fpga-int8", "generic", "onnxruntime" } : ["fpga-int8", "generic"])
        {
            var (quantized, samples) = Quantized(name, target);
            Assert.Contains(quantized.Graph.Nodes, n => n.Is("QuantizeLinear") && n.Inputs[2]!.Constant!.Type is ElementType.Int16 or ElementType.UInt16);
            IntegerArithmetic?[] arithmetics = target == "fpga-int8" ? [null] : [null, new MultiplierArithmetic(MultiplierRounding.Single), new MultiplierArithmetic(MultiplierRounding.Double)];
            foreach (var arithmetic in arithmetics)
            {
                var program = ModelRunner.ProgramOf(quantized, samples.Load(0).Inputs, new ModelRunOptions { Arithmetic = arithmetic });
                Assert.Contains(program.Buffers, b => b.IsWide);
                Assert.All(program.Reasons.Values, r => Assert.True(arithmetic is MultiplierArithmetic { Rounding: MultiplierRounding.Double } && r.Contains("32 bits end", StringComparison.Ordinal), r));
                using var session = new IntegerSession(program);
                var inputs = samples.Load(1).Inputs;
                float[] expected = Judge.Run(quantized, inputs, new FloatSessionOptions { Optimization = GraphOptimization.None })[0];
                float[] found = session.Run(inputs)[0].ToFloats();
                double sqnr = Judge.Sqnr(expected, found);
                Assert.True(sqnr > (name.StartsWith("Softmax", StringComparison.Ordinal) || name.StartsWith("Resize linear", StringComparison.Ordinal) ? 60 : 75), $"{target}, {arithmetic?.Name}: {sqnr} dB");
            }
        }
    }

    [CompilerTheory("gcc")]
    [MemberData(nameof(Operators))]
    public async Task Run_InC_GivesTheIntegersOfTheEngine(string name)
    {
        foreach (string target in new[] { "fpga-int8", "generic" })
        {
            foreach (var loops in Enum.GetValues<CLoops>())
            {
                var (quantized, samples) = Quantized(name, target);
                var arithmetic = target == "generic" ? new MultiplierArithmetic(loops == CLoops.Plain ? MultiplierRounding.Single : MultiplierRounding.Double) : null;
                var program = ModelRunner.ProgramOf(quantized, samples.Load(0).Inputs, new ModelRunOptions { Arithmetic = arithmetic });
                if (program.Reasons.Count > 0)
                {
                    Assert.Equal(ErrorCodes.NoIntegerForm, Assert.Throws<OctetException>(() => CExport.Of(quantized, name, samples, arithmetic, loops)).Code);
                    continue;
                }

                using var compiled = new CompiledC(CExport.Of(quantized, name, samples, arithmetic, loops));
                await compiled.RepeatVectors("-O2");
                var (inputs, outputs) = CompiledC.RunEngine(program, samples);
                Assert.Equal(outputs, await compiled.Run(inputs, "-O1", "-fsanitize=undefined,address", "-fno-sanitize-recover=all"));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Run_OfTablesAndBorders_GivesWhatOnnxRuntimeGives(ElementType from, ElementType to)
    {
        var graph = new Graph("wide");
        var x = Pair(graph, graph.AddInput("x", TensorType.Of(ElementType.Float32, new Shape(1, 6, 500))), from, 0.001f);
        var tanh = Pair(graph, graph.Add("Tanh", [x], "tanh"), to, 0.002f);
        graph.AddOutput(tanh);
        graph.AddOutput(Pair(graph, x, to, 0.003f));
        graph.AddOutput(tanh.Producer!.Inputs[0]!);
        graph.Outputs[0].Type = graph.Outputs[1].Type = TensorType.Of(ElementType.Float32, new Shape(1, 6, 500));
        graph.Outputs[2].Type = TensorType.Of(to, new Shape(1, 6, 500));
        var model = new Model(graph) { Opsets = { [string.Empty] = 21 } };
        var inputs = new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["x"] = WeightedModels.Random(new Random(3), 2, 1, 6, 500) };
        var program = ModelRunner.ProgramOf(model, inputs);
        Assert.Equal(2, program.Steps.Count(s => s is WideTableStep));
        Assert.Empty(program.Reasons);
        using var session = new IntegerSession(program);
        Assert.Equal(Judge.Run(model, inputs), session.Run(inputs).Select(t => t.ToFloats()));
    }

    // 2,000 products of 32,767 and 127 take 33 bits and more.
    [CompilerTheory("gcc")]
    [InlineData("shift")]
    [InlineData("multiplier")]
    [InlineData("float-scale")]
    public async Task Run_OfLongSums_LosesNoBit(string family)
    {
        float scale = family == "shift" ? 1f / 1024 : 0.0011f;
        var (model, inputs) = LongDense(scale);
        IntegerArithmetic arithmetic = family switch { "shift" => new ShiftArithmetic(ShiftRounding.HalfAway), "multiplier" => new MultiplierArithmetic(MultiplierRounding.Single), _ => new FloatArithmetic() };
        var program = ModelRunner.ProgramOf(model, inputs, new ModelRunOptions { Arithmetic = arithmetic });
        Assert.Empty(program.Reasons);
        var dense = Assert.IsType<DenseStep>(program.Steps.Single());
        Assert.InRange(dense.Weights.Bound(0, dense.X.Params!), 1L << 32, 1L << 34);
        using var session = new IntegerSession(program);
        _ = session.Run(inputs);
        int[] x = session.Values(program.Inputs[0]);
        for (int n = 0; n < dense.Weights.Rows; n++)
        {
            decimal sum = 0;
            for (int k = 0; k < Long; k++)
            {
                sum += x[k] * dense.Weights.Row(n)[k];
            }

            Assert.True(n > 0 || sum > uint.MaxValue);
            decimal real = sum * (decimal)Factor(dense);
            Assert.InRange(session.Values(program.Outputs[0])[n] - real, -0.51m, 0.51m);
        }

        var samples = SampleSources.FromMemory([new Sample(0, "0", inputs, null)]);
        if (family == "float-scale")
        {
            return;
        }

        using var compiled = new CompiledC(CExport.Of(model, "long", samples, arithmetic));
        await compiled.RepeatVectors("-O1", "-fsanitize=undefined,address", "-fno-sanitize-recover=all");
    }

    [Fact]
    public void Lower_OfLongSums_LeavesTheLayerFloatWhereTheArithmeticHas32Bits()
    {
        var (model, inputs) = LongDense(0.0011f);
        var program = ModelRunner.ProgramOf(model, inputs, new ModelRunOptions { Arithmetic = new MultiplierArithmetic(MultiplierRounding.Double) });
        Assert.Contains("32 bits end at 2147483647", Assert.Single(program.Reasons).Value, StringComparison.Ordinal);
        using var session = new IntegerSession(program);
        Assert.True(Judge.Sqnr(Judge.Run(model, inputs)[0], session.Run(inputs)[0].ToFloats()) > 80);
    }

    private static double Factor(DenseStep dense) => (double)dense.X.Params!.Scale * dense.Weights.Params.Scale / dense.Y.Params!.Scale;

    private static (Model Model, Dictionary<string, Tensor> Inputs) LongDense(float scale)
    {
        var graph = new Graph("long");
        var random = new Random(4);
        var x = Pair(graph, graph.AddInput("x", TensorType.Of(ElementType.Float32, new Shape(1, Long))), ElementType.Int16, scale);
        byte[] weights = [.. Enumerable.Range(0, 3 * Long).Select(i => i < Long ? (byte)127 : (byte)random.Next(256))];
        var w = graph.Add(
            "DequantizeLinear",
            [graph.AddConstant("w", Tensor.FromArray(ElementType.Int8, weights, new Shape(3, Long))), graph.AddConstant("w_scale", Tensor.Scalar(scale)), graph.AddConstant("w_zero", Tensor.FromArray(ElementType.Int8, new byte[1], default))],
            "w_dq");
        var y = graph.Add("Gemm", [x, w], "y");
        y.Producer!.SetAttribute("transB", 1L);
        graph.AddOutput(Pair(graph, y, ElementType.Int16, 256 * scale));
        graph.Outputs[0].Type = TensorType.Of(ElementType.Float32, new Shape(1, 3));
        return (new Model(graph) { Opsets = { [string.Empty] = 21 } }, new(StringComparer.Ordinal) { ["x"] = Tensor.FromArray([.. Enumerable.Range(0, Long).Select(i => i % 3 == 0 ? 17.3f : 40f)], new Shape(1, Long)) });
    }

    private static Value Pair(Graph graph, Value value, ElementType type, float scale)
    {
        var s = graph.AddConstant("scale", Tensor.Scalar(scale));
        var z = graph.AddConstant("zero", type switch
        {
            ElementType.UInt8 => Tensor.FromArray(type, new byte[] { 117 }, default),
            ElementType.Int8 => Tensor.FromArray(type, new byte[] { 0 }, default),
            ElementType.UInt16 => Tensor.FromArray(type, new ushort[] { 31000 }, default),
            _ => Tensor.FromArray(type, new short[] { 0 }, default),
        });
        return graph.Add("DequantizeLinear", [graph.Add("QuantizeLinear", [value, s, z], value.Name + "_q"), s, z], value.Name + "_dq");
    }

    private static (Model Model, ISampleSource Samples) Quantized(string name, string target)
    {
        var (model, samples) = OperatorModels.Make(name);
        using var folder = new TemporaryFolder();
        OnnxFormat.Write(model, folder["model.onnx"]);
        var options = new QuantizerOptions { Target = target, ActivationBits = 16, Effort = Effort.Fast, IntegerOutputs = target != "onnxruntime", Threads = 1 };
        return (new Quantizer(options).Quantize(folder["model.onnx"], samples).Model, samples);
    }
}
