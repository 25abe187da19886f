using Octet.Data.Arrays;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Lowering;
using Octet.Numerics;

namespace Octet.Tests.Lowering;

public sealed class WeightOnlyLoweringTests
{
    public static TheoryData<string, int> Cases()
    {
        var cases = new TheoryData<string, int>();
        foreach (string name in WeightedModels.Names)
        {
            cases.Add(name, 8);
            cases.Add(name, 4);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Lower_OfEveryOperator_StaysCloseToFloat(string name, int bits)
    {
        var (model, inputs) = WeightedModels.Make(name);
        var (lowered, layers) = WeightOnlyLowering.Lower(model, bits, search: true, []);
        Assert.Contains(layers, l => l.Why is null);
        Assert.Empty(lowered.Graph.Verify());
        Assert.DoesNotContain(lowered.Graph.Constants, c => c.Constant!.Type == ElementType.Float32 && c.Constant.Count >= 512);
        Assert.Equal(model.Graph.Outputs.Select(o => o.Name), lowered.Graph.Outputs.Select(o => o.Name));
        double sqnr = Judge.Sqnr(Judge.Run(model, inputs)[0], Judge.Run(lowered, inputs)[0]);
        Assert.InRange(sqnr, bits == 8 ? 35 : 15, 90);
    }

    [ReferenceFact]
    public async Task Lower_OfEveryOperator_PassesTheCheckerAndRunsInTheReference()
    {
        var cases = WeightedModels.Names.SelectMany(name => new[] { 8, 4 }.Select(bits =>
        {
            var (model, inputs) = WeightedModels.Make(name);
            return (Float: model, Lowered: WeightOnlyLowering.Lower(model, bits, search: true, []).Model, inputs);
        })).ToArray();
        var outputs = await Judge.RunInReference([.. cases.Select(c => (c.Lowered, c.inputs))]);
        for (int i = 0; i < cases.Length; i++)
        {
            double sqnr = Judge.Sqnr(Judge.Run(cases[i].Float, cases[i].inputs)[0], outputs[i][0]);
            Assert.True(sqnr > (i % 2 == 0 ? 35 : 15), $"{cases[i].Float.Graph.Name}: {sqnr} dB");
        }
    }

    [SharedTheory("minilm/minilm_l3_s48.onnx")]
    [InlineData(8, 33, 0.26)]
    [InlineData(4, 12, 0.17)]
    public void Quantize_OfATransformer_KeepsItsOutputsAtAFractionOfItsSize(int bits, double leastSqnr, double mostSize)
    {
        string path = SharedData.PathOf("minilm/minilm_l3_s48.onnx");
        var result = new Quantizer(new QuantizerOptions { Mode = QuantizationMode.Weights, WeightBits = bits }).Quantize(path, null);
        var inputs = new Dictionary<string, Tensor>(StringComparer.Ordinal)
        {
            ["input_ids"] = NpyReader.Open(SharedData.PathOf("minilm/calib_ids.npy")).ReadAll(),
            ["attention_mask"] = NpyReader.Open(SharedData.PathOf("minilm/calib_mask.npy")).ReadAll(),
        };
        double sqnr = Judge.Sqnr(Judge.Run(OnnxFormat.Read(path), inputs)[0], Judge.Run(result.Model, inputs)[0]);
        double size = (double)OnnxFormat.ToBytes(result.Model).Length / new FileInfo(path).Length;
        Assert.True(sqnr > leastSqnr && size < mostSize, $"{sqnr} dB at {size} of the size");
        Assert.InRange(result.Report.QuantizedShare, 0.98, 1);
    }

    [Fact]
    public void Lower_OfAWeightThatIsNotFinite_NamesIt()
    {
        var (model, _) = WeightedModels.Make("Gemm");
        var weights = model.Graph.Find("w")!;
        float[] values = weights.Constant!.ToFloats();
        values[25] = float.NaN;
        weights.SetConstant(Tensor.FromArray(values, weights.Constant.Shape));
        var error = Assert.Throws<OctetException>(() => WeightOnlyLowering.Lower(model, 8, search: true, []));
        Assert.Equal(ErrorCodes.NonFiniteWeight, error.Code);
        Assert.Contains("\"w\": channel 5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lower_WhenALayerIsKeptFloat_LeavesItAndSaysSo()
    {
        var (model, _) = WeightedModels.Make("Gemm");
        var (lowered, layers) = WeightOnlyLowering.Lower(model, 8, search: true, ["Gemm"]);
        Assert.Equal("kept float as asked (\"Gemm\")", Assert.Single(layers).Why);
        Assert.Equal(["Gemm"], lowered.Graph.Nodes.Select(n => n.OpType));
    }

    [Fact]
    public void Lower_OfWeightsThatTwoNodesShare_StoresThemOnce()
    {
        var (model, _) = WeightedModels.Make("MatMul");
        model.Graph.AddOutput(model.Graph.Add("MatMul", [model.Graph.Find("x"), model.Graph.Find("w")], "z"));
        var lowered = WeightOnlyLowering.Lower(model, 8, search: true, []).Model;
        Assert.Single(lowered.Graph.Nodes, n => n.Is("DequantizeLinear"));
        Assert.Single(lowered.Graph.Constants, c => c.Constant!.Type == ElementType.Int8 && c.Constant.Shape.Rank == 2);
    }
}
