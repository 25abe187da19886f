using Octet.Data;
using Octet.Formats.C;
using Octet.Graphs;
using Octet.Inference;
using Octet.Integers;
using Octet.Numerics;
using Octet.Numerics.Rescaling;
using Octet.Tests.Formats.C;
using Octet.Tests.Lowering;

namespace Octet.Tests.Integers;

public sealed class QdqModelTests
{
    private const int Samples = 50;

    public static TheoryData<string> Names => [.. QdqModels.Names];

    // ONNX Runtime has no integer form of transposed convolutions and of values between others: its floats, rounded on the way, fall to either side of a half, unless all scales are powers of two.
    // Ours know places in units of 2^-10 alone.
    [Theory]
    [MemberData(nameof(Names))]
    public void Run_WithFloatFactors_GivesWhatOnnxRuntimeGives(string name)
    {
        bool isFloat = name.StartsWith("ConvTranspose", StringComparison.Ordinal) || name.StartsWith("Resize", StringComparison.Ordinal);
        bool isRounded = name.StartsWith("Resize, half pixel,", StringComparison.Ordinal) || name.EndsWith("fifths", StringComparison.Ordinal);
        foreach (var (type, isExact) in new[] { (ElementType.UInt8, true), (ElementType.Int8, true), (ElementType.UInt8, false), (ElementType.Int8, false) })
        {
            bool isEqual = isExact ? !isRounded : !isFloat;
            var (model, shape, scale) = QdqModels.Make(name, type, isExact);
            var random = new Random(11);
            using var session = new IntegerSession(Program(model, shape));
            int differing = 0;
            int total = 0;
            for (int i = 0; i < Samples; i++)
            {
                var inputs = Inputs(random, shape);
                float[] expected = Judge.Run(model, inputs)[0];
                float[] found = session.Run(inputs)[0].ToFloats();
                Assert.Equal(expected.Length, found.Length);
                int[] steps = [.. expected.Zip(found, (e, f) => (int)MathF.Round(Math.Abs(e - f) / scale))];
                Assert.InRange(steps.Max(), 0, isEqual ? 0 : 1);
                differing += steps.Count(s => s > 0);
                total += steps.Length;
            }

            Assert.True(differing <= total / 12, $"{type}: {differing} of {total}");
        }
    }

    [CompilerTheory("gcc")]
    [MemberData(nameof(Names))]
    public async Task Run_InC_GivesTheIntegersOfTheEngineWithEveryRounding(string name)
    {
        foreach (var (rounding, loops) in Enum.GetValues<MultiplierRounding>().SelectMany(_ => Enum.GetValues<CLoops>(), (r, l) => (r, l)))
        {
            var (model, shape, _) = QdqModels.Make(name, loops == CLoops.Plain ? ElementType.UInt8 : ElementType.Int8, isExact: false);
            var arithmetic = new MultiplierArithmetic(rounding);
            var random = new Random(3);
            var samples = SampleSources.FromMemory(Enumerable.Range(0, 8).Select(i => new Sample(i, $"{i}", Inputs(random, shape), null)));
            using var compiled = new CompiledC(CExport.Of(model, name, samples, arithmetic, loops: loops));
            var (inputs, outputs) = CompiledC.RunEngine(Program(model, shape, arithmetic), samples);
            Assert.Equal(outputs, await compiled.Run(inputs, "-O1", "-fsanitize=undefined,address", "-fno-sanitize-recover=all"));
        }
    }

    private static Dictionary<string, Tensor> Inputs(Random random, long[] shape) => new(StringComparer.Ordinal) { ["x"] = WeightedModels.Random(random, 1.2f, shape) };

    private static IntegerProgram Program(Model model, long[] shape, IntegerArithmetic? arithmetic = null)
    {
        var program = ModelRunner.ProgramOf(model, Inputs(new Random(1), shape), new ModelRunOptions { Arithmetic = arithmetic });
        Assert.Empty(program.Reasons);
        return program;
    }
}
