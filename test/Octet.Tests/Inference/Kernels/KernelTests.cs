using System.Runtime.Intrinsics.X86;
using Octet.Data;
using Octet.Inference;
using Octet.Inference.Kernels;
using Octet.Integers;
using Octet.Integers.Steps;
using Octet.Numerics;
using Octet.Numerics.Rescaling;
using Octet.Tests.Analysis.Causes;

namespace Octet.Tests.Inference.Kernels;

/// <summary>Every kernel against the scalar code of its step, bit for bit, with every instruction set that this processor has.</summary>
public sealed class KernelTests
{
    private const int Seeds = 4;

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string kind in RandomSteps.Kinds)
            {
                foreach (string family in kind is "float dense" or "max pool" or "extremum" or "extremum channels" or "table" or "tables" or "move pixels" or "move runs" or "concat" or "dense sums" or "conv sums" or "dynamic quantize" ? ["float"] : RandomSteps.Families)
                {
                    cases.Add(kind, family);
                }
            }

            return cases;
        }
    }

    private static IEnumerable<InstructionSet> Vectorised => Enum.GetValues<InstructionSet>().Where(s => s switch
    {
        InstructionSet.Scalar => false,
        InstructionSet.Avx2 => Avx2.IsSupported,
        InstructionSet.Avx512 => Avx512BW.IsSupported,
        _ => true,
    });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Run_OfRandomSteps_GivesWhatTheScalarCodeGives(string kind, string family)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            var steps = new RandomSteps(HashOf(kind + family) + seed);
            var program = steps.Program(kind, family);
            AssertEqualToScalar(program, steps.Inputs(program), $"seed {seed}");
        }
    }

    [Fact]
    public void Steps_OfEveryKind_HaveKernels()
    {
        // Short runs are moved by the step's own code.
        foreach (string kind in RandomSteps.Kinds.Except(["move runs", "chain"]))
        {
            var program = new RandomSteps(1).Program(kind, "float");
            using var session = new IntegerSession(program);
            Assert.DoesNotContain(session.Kernels, k => k is StepKernel);
        }
    }

    [SharedTheory("mnist", "cifar10", "mlperf_tiny", "imagenet")]
    [InlineData("mnist/lenet_bn.onnx", "generic")]
    [InlineData("cifar10/resnet8_bn.onnx", "onnxruntime")]
    [InlineData("cifar10/resnet8_bn.onnx", "fpga-int8")]
    [InlineData("cifar10/resnet8_bn.onnx", "generic")]
    [InlineData("mlperf_tiny/kws_dscnn_bn.onnx", "onnxruntime")]
    [InlineData("imagenet/mobilenet_v2_bn.onnx", "onnxruntime")]
    [InlineData("imagenet/mobilenet_v2_bn.onnx", "fpga-int8")]
    public void Run_OfARealNetwork_GivesWhatTheScalarCodeGives(string name, string target)
    {
        string path = SharedData.PathOf(name);
        var samples = new PartOfSamples(CleanModels.Samples(name), 0, 8);
        var quantized = new Quantizer(new QuantizerOptions { Target = target, Effort = Effort.Fast }).Quantize(path, samples).Model;
        var inputs = samples.Load(0).Inputs;
        IntegerArithmetic?[] arithmetics = target == "fpga-int8" ? [null] : target == "generic" ? [new Bm1684Arithmetic()] : [null, new MultiplierArithmetic(MultiplierRounding.Double)];
        foreach (var arithmetic in arithmetics)
        {
            AssertEqualToScalar(ModelRunner.ProgramOf(quantized, inputs, new ModelRunOptions { Arithmetic = arithmetic }), inputs, path);
        }
    }

    [SharedTheory("mnist", "cifar10", "mlperf_tiny")]
    [InlineData("mnist/lenet_bn.onnx", "onnxruntime")]
    [InlineData("cifar10/resnet8_bn.onnx", "onnxruntime")]
    [InlineData("cifar10/resnet8_bn.onnx", "fpga-int8")]
    [InlineData("mlperf_tiny/kws_dscnn_bn.onnx", "generic")]
    public void Run_OfARealNetworkOfSixteenBits_GivesWhatTheScalarCodeGives(string name, string target)
    {
        string path = SharedData.PathOf(name);
        var samples = new PartOfSamples(CleanModels.Samples(name), 0, 8);
        var quantized = new Quantizer(new QuantizerOptions { Target = target, ActivationBits = 16, Effort = Effort.Fast }).Quantize(path, samples).Model;
        var inputs = samples.Load(0).Inputs;
        var program = ModelRunner.ProgramOf(quantized, inputs);
        using var session = new IntegerSession(program);
        Assert.Equal(program.Steps.Count(s => s is ConvStep or DenseStep), session.Kernels.Count(k => k.GetType().Name.StartsWith("WideProductKernel", StringComparison.Ordinal)));
        AssertEqualToScalar(program, inputs, path);
    }

    [Fact]
    public void Run_QuantizesAsTheScalarCodeDoes()
    {
        float[] values = [.. Enumerable.Range(-3000, 6001).Select(i => i * 0.05f), float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, float.Epsilon, -0f];
        foreach (var set in Vectorised)
        {
            foreach (int zero in new[] { -128, -3, 0, 127 })
            {
                foreach (float scale in new[] { 0.1f, 1, 0.37f, 1e-38f, 3e38f })
                {
                    var x = IntegerBuffer.Quantized("x", new Shape(values.Length), new QuantParams(QuantType.Int8, scale, zero));
                    var program = new IntegerProgram("quantize", new FloatArithmetic(), [x], [x], []);
                    using var session = new IntegerSession(program, new IntegerSessionOptions { Instructions = set });
                    _ = session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.FromArray(values, x.Shape) });
                    sbyte[] expected = [.. QuantizeStep.Quantize(values, x.Params!, x.Shape).Select(v => (sbyte)v)];
                    AssertEqual(expected, session.Integers(x), $"{set}, scale {scale}, zero point {zero}");
                }
            }
        }
    }

    private static void AssertEqualToScalar(IntegerProgram program, IReadOnlyDictionary<string, Tensor> inputs, string what)
    {
        using var scalar = new IntegerSession(program, new IntegerSessionOptions { Instructions = InstructionSet.Scalar });
        float[] expected = scalar.Run(inputs)[0].ToFloats();
        foreach (var set in Vectorised)
        {
            using var session = new IntegerSession(program, new IntegerSessionOptions { Instructions = set, KeepsAll = true });
            using var small = new IntegerSession(program, new IntegerSessionOptions { Instructions = set });

            // Twice: nothing that a run leaves behind may disturb the next.
            _ = session.Run(inputs);
            _ = session.Run(inputs);
            _ = small.Run(inputs);
            Assert.Equal(expected, small.Run(inputs)[0].ToFloats());
            foreach (var output in program.Outputs.Where(o => o.Params is not null))
            {
                AssertEqual(scalar.Integers(output), small.Integers(output), $"{set}, {what}, without intermediates: {output}");
            }

            foreach (var output in program.Steps.SelectMany(s => s.Outputs).Where(o => o.Params is not null))
            {
                AssertEqual(scalar.Integers(output), session.Integers(output), $"{set}, {what}: {output}");
            }
        }
    }

    private static void AssertEqual(ReadOnlySpan<sbyte> expected, ReadOnlySpan<sbyte> actual, string where)
    {
        int at = expected.CommonPrefixLength(actual);
        Assert.True(at == expected.Length && at == actual.Length, at < expected.Length ? $"{where}: element {at} of {expected.Length} is {actual[at]}, not {expected[at]}" : where);
    }

    // Not string.GetHashCode, which changes from run to run.
    private static int HashOf(string text) => text.Aggregate(17, (hash, c) => unchecked((hash * 31) + c) & 0xFFFFFF);
}
