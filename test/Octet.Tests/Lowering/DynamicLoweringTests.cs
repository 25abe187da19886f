using Octet.Data.Arrays;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Inference;
using Octet.Lowering;
using Octet.Numerics;

namespace Octet.Tests.Lowering;

public sealed class DynamicLoweringTests
{
    public static TheoryData<string> Integer => ["Gemm", "Gemm transposed", "Gemm with matrix C", "MatMul", "MatMul odd", "LSTM", "LSTM both ways", "Loop"];

    public static TheoryData<string> Stored => ["Gather", "Gather odd", "GRU", "RNN"];

    public static TheoryData<string> Float => ["Conv", "ConvTranspose", "MatMul stack", "MatMul constant left"];

    [Theory]
    [MemberData(nameof(Integer))]
    public void Lower_OfAnOperatorWithADynamicKernel_ComputesWithIntegersCloseToFloat(string name)
    {
        var (model, inputs) = WeightedModels.Make(name);
        var (lowered, layers) = DynamicLowering.Lower(model, avoidSaturation: true, []);
        Assert.Contains(layers, l => l is { Why: null, IsStoredOnly: false });
        Assert.Empty(lowered.Graph.Verify());
        Assert.Equal(model.Graph.Outputs.Select(o => o.Name), lowered.Graph.Outputs.Select(o => o.Name));
        Assert.Contains(lowered.Graph.AllNodes, n => n.OpType is "MatMulInteger" or "DynamicQuantizeLSTM");
        Assert.InRange(Judge.Sqnr(Judge.Run(model, inputs)[0], Judge.Run(lowered, inputs)[0]), 28, 60);
    }

    [Theory]
    [MemberData(nameof(Stored))]
    public void Lower_OfAnOperatorWithoutADynamicKernel_StoresItsWeightsAsIntegers(string name)
    {
        var (model, inputs) = WeightedModels.Make(name);
        var (lowered, layers) = DynamicLowering.Lower(model, avoidSaturation: true, []);
        Assert.True(Assert.Single(layers).IsStoredOnly);
        Assert.Contains(lowered.Graph.Constants, c => c.Constant!.Type == ElementType.Int8 && c.Constant.Shape.Rank > 1);
        Assert.InRange(Judge.Sqnr(Judge.Run(model, inputs)[0], Judge.Run(lowered, inputs)[0]), 40, 70);
    }

    [Theory]
    [MemberData(nameof(Float))]
    public void Lower_OfAnotherOperator_LeavesItAndSaysWhy(string name)
    {
        var (model, _) = WeightedModels.Make(name);
        var (lowered, layers) = DynamicLowering.Lower(model, avoidSaturation: true, []);
        Assert.NotNull(Assert.Single(layers).Why);
        Assert.Equal(model.Graph.Nodes.Select(n => n.OpType), lowered.Graph.Nodes.Select(n => n.OpType));
    }

    [ReferenceFact]
    public async Task Lower_OfEveryOperator_PassesTheCheckerAndGivesTheReferenceTheSame()
    {
        var cases = WeightedModels.Names.Select(WeightedModels.Make).Select(m => (DynamicLowering.Lower(m.Model, avoidSaturation: true, []).Model, m.Inputs)).ToArray();
        var outputs = await Judge.RunInReference(cases);
        for (int i = 0; i < cases.Length; i++)
        {
            double sqnr = Judge.Sqnr(Judge.Run(cases[i].Model, cases[i].Inputs)[0], outputs[i][0]);
            Assert.True(sqnr > 60, $"{cases[i].Model.Graph.Name}: {sqnr} dB");
        }
    }

    [Fact]
    public void Lower_OfProductsOfOneTensor_QuantizesItOnce()
    {
        var (model, _) = WeightedModels.Make("MatMul");
        var second = model.Graph.AddConstant("v", WeightedModels.Random(new Random(3), 1, 96, 30));
        model.Graph.AddOutput(model.Graph.Add("MatMul", [model.Graph.Find("x"), second], "z"));
        var lowered = DynamicLowering.Lower(model, avoidSaturation: true, []).Model;
        Assert.Single(lowered.Graph.Nodes, n => n.Is("DynamicQuantizeLinear"));
        Assert.Equal(2, lowered.Graph.Nodes.Count(n => n.Is("MatMulInteger")));
    }

    [SharedFact("minilm/minilm_l3_s48.onnx")]
    public void Quantize_OfATransformer_LeavesNoFloatProductWithWeights()
    {
        using var folder = new TemporaryFolder();
        string path = SharedData.PathOf("minilm/minilm_l3_s48.onnx");
        var result = new Quantizer(new QuantizerOptions { Mode = QuantizationMode.Dynamic }).Quantize(path, null);
        var inputs = new Dictionary<string, Tensor>(StringComparer.Ordinal)
        {
            ["input_ids"] = NpyReader.Open(SharedData.PathOf("minilm/calib_ids.npy")).ReadAll(),
            ["attention_mask"] = NpyReader.Open(SharedData.PathOf("minilm/calib_mask.npy")).ReadAll(),
        };
        string optimized = folder["optimized.onnx"];
        float[] actual = Judge.Run(result.Model, inputs, new FloatSessionOptions { OptimizedModelPath = optimized, Optimization = GraphOptimization.Extended })[0];
        Assert.InRange(Judge.Sqnr(Judge.Run(OnnxFormat.Read(path), inputs)[0], actual), 22, 40);

        // What is left of MatMul multiplies activations with activations.
        string[] fused = [.. OnnxFormat.Read(optimized).Graph.Nodes.Select(n => n.OpType)];
        Assert.DoesNotContain("MatMulInteger", fused);
        Assert.Equal(18, fused.Count(t => t is "DynamicQuantizeMatMul" or "MatMulIntegerToFloat"));
        Assert.Equal(6, fused.Count(t => t is "MatMul" or "FusedMatMul"));
        Assert.Equal(6, fused.Count(t => t == "SkipLayerNormalization"));
        Assert.InRange(OnnxFormat.ToBytes(result.Model).Length, 0, new FileInfo(path).Length * 0.26);
    }
}
