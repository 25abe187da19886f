using Octet.Data;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Inference;
using Octet.Integers.Steps;
using Octet.Numerics;
using Octet.Numerics.Rescaling;
using Octet.Tests.Lowering;
using Octet.Tests.Planning;

namespace Octet.Tests.Integers;

/// <summary>The integer engine against ONNX Runtime, which simulates Q/DQ pairs with floats: exact where all scales are powers of two and sums stay within 24 bits.</summary>
public sealed class IntegerSessionTests
{
    public static TheoryData<string> Operators => [.. OperatorModels.All];

    public static TheoryData<string, string> TargetsAndOperators
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string target in new[] { "generic", "onnxruntime", "onnxruntime-s8s8" })
            {
                foreach (string name in OperatorModels.All)
                {
                    cases.Add(target, name);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Operators))]
    public void Run_WithPowersOfTwo_GivesWhatTheSimulationGives(string name)
    {
        var (model, samples) = OperatorModels.Make(name);
        var quantized = Quantized(model, samples, "fpga-int8");
        var program = ModelRunner.ProgramOf(quantized, samples.Load(0).Inputs);
        Assert.IsType<ShiftArithmetic>(program.Arithmetic);

        Assert.DoesNotContain(program.Steps, s => s is FloatStep);
        using var session = new IntegerSession(program);
        for (int i = 0; i < samples.Count; i++)
        {
            var inputs = samples.Load(i).Inputs;
            float[] expected = Judge.Run(quantized, inputs, new FloatSessionOptions { Optimization = GraphOptimization.None })[0];
            float[] found = session.Run(inputs)[0].ToFloats();

            // Exponentials in units of 2^-15 are not those of floats.
            double sqnr = Judge.Sqnr(expected, found);
            Assert.True(name.StartsWith("Softmax", StringComparison.Ordinal) ? sqnr > 32 : expected.AsSpan().SequenceEqual(found), $"{sqnr} dB");
        }
    }

    [Theory]
    [MemberData(nameof(TargetsAndOperators))]
    public void Run_WithAnyScale_IsCloseToTheSimulationWithEveryArithmetic(string target, string name)
    {
        var (model, samples) = OperatorModels.Make(name);
        var quantized = Quantized(model, samples, target);
        var inputs = samples.Load(1).Inputs;
        float[] expected = Judge.Run(quantized, inputs, new FloatSessionOptions { Optimization = GraphOptimization.None })[0];
        foreach (var arithmetic in new IntegerArithmetic[] { new FloatArithmetic(), new MultiplierArithmetic(MultiplierRounding.Single), new MultiplierArithmetic(MultiplierRounding.Double) })
        {
            var program = ModelRunner.ProgramOf(quantized, inputs, new ModelRunOptions { Arithmetic = arithmetic });
            using var session = new IntegerSession(program);
            double sqnr = Judge.Sqnr(expected, session.Run(inputs)[0].ToFloats());
            Assert.True(sqnr > 32, $"{arithmetic.Name}: {sqnr} dB");
        }
    }

    [Fact]
    public void Run_OfAWholeNetwork_GivesTheIntegersOfTheSimulation()
    {
        using var sample = new ShapesSample();
        var quantized = new Quantizer(new QuantizerOptions { Target = "fpga-int8" }).Quantize(sample.ModelPath, sample.Open(sample.CalibrationFolder, samples: 24)).Model;
        var test = sample.Open(sample.TestList, samples: 20);
        var program = ModelRunner.ProgramOf(quantized, test.Load(0).Inputs);
        Assert.Empty(program.Reasons);
        using var session = new IntegerSession(program);
        for (int i = 0; i < test.Count; i++)
        {
            var inputs = test.Load(i).Inputs;
            Assert.Equal(Judge.Run(quantized, inputs, new FloatSessionOptions { Optimization = GraphOptimization.None })[0], session.Run(inputs)[0].ToFloats());
        }
    }

    [Fact]
    public void Run_OfAFloatModel_RunsItAsFloats()
    {
        var (model, samples) = OperatorModels.Make("Conv, Relu");
        var inputs = samples.Load(0).Inputs;
        var program = ModelRunner.ProgramOf(model, inputs);
        Assert.NotEmpty(program.Reasons);
        using var session = new IntegerSession(program);
        Assert.Equal(Judge.Run(model, inputs)[0], session.Run(inputs)[0].ToFloats());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_WhereADequantizeLinearHasAnotherScale_ObeysIt(bool isOutput)
    {
        var graph = new Graph("scales");
        var shape = new Shape(2, 3, 5);
        var zero = graph.AddConstant("zero", Tensor.FromArray(ElementType.Int8, new byte[] { 3 }, default));
        Value Scale(float scale) => graph.AddConstant("scale", Tensor.Scalar(scale));
        Value Dequantized(Value value, float from, float to) => graph.Add("DequantizeLinear", [graph.Add("QuantizeLinear", [value, Scale(from), zero], "q"), Scale(to), zero], "dq");
        var y = Dequantized(graph.AddInput("x", TensorType.Of(ElementType.Float32, shape)), 0.02f, 0.05f);
        graph.AddOutput(isOutput ? y : Dequantized(graph.Add("Relu", [y], "relu"), 0.07f, 0.07f));
        graph.Outputs[0].Type = TensorType.Of(ElementType.Float32, shape);
        var model = new Model(graph) { Opsets = { [string.Empty] = 13 } };
        var inputs = new Dictionary<string, Tensor> { ["x"] = WeightedModels.Random(new Random(3), 1, [.. shape.Dimensions]) };
        using var session = new IntegerSession(ModelRunner.ProgramOf(model, inputs));
        Assert.Equal(Judge.Run(model, inputs)[0], session.Run(inputs)[0].ToFloats());
    }

    [Fact]
    public void Run_WithAnotherShape_IsRefused()
    {
        var (model, samples) = OperatorModels.Make("Conv");
        using var session = new IntegerSession(ModelRunner.ProgramOf(Quantized(model, samples, "fpga-int8"), samples.Load(0).Inputs));
        var inputs = new Dictionary<string, Tensor> { ["x"] = Tensor.FromArray(new float[3], new Shape(1, 3, 1, 1)) };
        Assert.Equal(ErrorCodes.RunFailed, Assert.Throws<OctetException>(() => session.Run(inputs)).Code);
        Assert.Equal(ErrorCodes.RunFailed, Assert.Throws<OctetException>(() => session.Run(new Dictionary<string, Tensor> { ["z"] = inputs["x"], ["y"] = inputs["x"] })).Code);
    }

    private static Model Quantized(Model model, ISampleSource samples, string target)
    {
        using var folder = new TemporaryFolder();
        OnnxFormat.Write(model, folder["model.onnx"]);
        return new Quantizer(new QuantizerOptions { Target = target, Effort = Effort.Fast, Threads = 1 }).Quantize(folder["model.onnx"], samples).Model;
    }
}
