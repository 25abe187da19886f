using Octet.Inference;
using Octet.Integers;
using Octet.Tests.Formats.C;
using Octet.Tests.Planning;

namespace Octet.Tests.Integers;

public sealed class ChannelsLastProgramTests
{
    public static TheoryData<string> Operators => [.. OperatorModels.All];

    [Theory]
    [MemberData(nameof(Operators))]
    public void Of_EveryOperator_GivesTheSameIntegers(string name)
    {
        var (model, samples) = OperatorModels.Make(name);
        foreach (string target in new[] { "fpga-int8", "onnxruntime" })
        {
            var program = ModelRunner.ProgramOf(CompiledC.Quantized(model, samples, target), samples.Load(0).Inputs);
            var turned = ChannelsLastProgram.Of(program);
            Assert.Equal(program.Inputs, turned.Inputs);
            Assert.Equal(program.Outputs, turned.Outputs);
            using var before = new IntegerSession(program, new IntegerSessionOptions { Instructions = InstructionSet.Scalar });
            using var after = new IntegerSession(turned, new IntegerSessionOptions { Instructions = InstructionSet.Scalar });
            using var automatic = new IntegerSession(turned);
            for (int i = 0; i < samples.Count; i++)
            {
                var inputs = samples.Load(i).Inputs;
                float[] expected = before.Run(inputs)[0].ToFloats();
                Assert.Equal(expected, after.Run(inputs)[0].ToFloats());
                Assert.Equal(expected, automatic.Run(inputs)[0].ToFloats());
            }
        }
    }
}
