using Octet.Data.Sources;
using Octet.Formats.Onnx;
using Octet.Inference;
using Octet.Integers.Steps;

namespace Octet.Tests.Integers;

/// <summary>ONNX's own tests of the quantized operators, run by the integer engine.</summary>
public sealed class OnnxConformanceTests
{
    private const string Root = "/usr/share/libonnx-testdata/data/node";

    /// <summary>Tests, and whether all of it must be computed with integers of our own.</summary>
    public static TheoryData<string, bool> Cases => new()
    {
        { "test_quantizelinear", true },
        { "test_quantizelinear_axis", true },
        { "test_dequantizelinear", true },
        { "test_dequantizelinear_axis", true },
        { "test_qlinearconv", true },
        { "test_qlinearmatmul_2D", true },
        { "test_qlinearmatmul_3D", true },
        { "test_basic_convinteger", true },
        { "test_convinteger_with_padding", true },
        { "test_convinteger_without_padding", true },
        { "test_matmulinteger", true },
        { "test_dynamicquantizelinear", true },
        { "test_dynamicquantizelinear_max_adjusted", true },
        { "test_dynamicquantizelinear_min_adjusted", true },
    };

    [DebianTheory(Root)]
    [MemberData(nameof(Cases))]
    public void Run_OfOnnxTests_GivesTheirOutputs(string name, bool isInteger)
    {
        var model = OnnxFormat.Read(Path.Combine(Root, name, "model.onnx"));
        string set = Path.Combine(Root, name, "test_data_set_0");
        var inputs = model.Graph.Inputs.Select((v, i) => (v.Name, TensorProtoReader.Read(Path.Combine(set, $"input_{i}.pb")).Tensor)).ToArray();

        // Scales, zero points and weights are constants to a quantized network.
        foreach (var (input, tensor) in inputs[1..])
        {
            model.Graph.Find(input)!.ReplaceUsesWith(model.Graph.AddConstant(input + "_constant", tensor));
        }

        var feed = inputs.ToDictionary(g => g.Name, g => g.Tensor, StringComparer.Ordinal);
        var program = ModelRunner.ProgramOf(model, feed);
        Assert.Equal(isInteger, !program.Steps.Any(s => s is FloatStep));
        using var session = new IntegerSession(program);
        var outputs = session.Run(feed);
        for (int i = 0; i < outputs.Count; i++)
        {
            var expected = TensorProtoReader.Read(Path.Combine(set, $"output_{i}.pb")).Tensor;
            Assert.Equal(expected.Type, outputs[i].Type);
            Assert.Equal(expected.Shape, outputs[i].Shape);
            Assert.Equal(expected.ToFloats(), outputs[i].ToFloats());
        }
    }
}
