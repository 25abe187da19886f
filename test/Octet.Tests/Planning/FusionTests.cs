using Octet.Data;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;
using Octet.Operators;
using Octet.Planning;
using Octet.Planning.Targets;
using Octet.Tests.Lowering;

namespace Octet.Tests.Planning;

/// <summary>What ONNX Runtime makes of the pairs that Octet writes: no float operator may be left inside an integer region.</summary>
public sealed class FusionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var target in TargetCatalog.All)
        {
            foreach (string name in OperatorModels.Names)
            {
                cases.Add(target.Name, name);
            }
        }

        return cases;
    }

    public static TheoryData<string> RealModels =>
    [
        "mnist/lenet_bn.onnx", "mnist/lenet_fused.onnx", "cifar10/resnet8_bn.onnx", "mlperf_tiny/kws_dscnn_bn.onnx", "imagenet/mobilenet_v2_bn.onnx",
        "ultraface/ultraface_rfb320_op13.onnx", "ultraface/ultraface_rfb320_bn_op13.onnx", "fsdd/fsdd_dscnn_bn.onnx", "minilm/minilm_l3_s48.onnx", "g2p_gru/g2p_gru.onnx",
    ];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Quantize_ForEveryTarget_GivesTheSameInBothFormsAndIsFused(string target, string name)
    {
        var (model, samples) = OperatorModels.Make(name);
        var (pairs, integers) = (Quantized(model, samples, target, OutputForm.Qdq), Quantized(model, samples, target, OutputForm.QOperator));
        Assert.Empty(integers.Graph.Verify());
        var inputs = samples.Load(0).Inputs;
        float[] exact = Judge.Run(model, inputs)[0];
        float[] plain = Judge.Run(pairs, inputs, new FloatSessionOptions { Optimization = GraphOptimization.None })[0];
        bool isSigned = target == OnnxRuntimeS8S8Target.Table.Name;
        float[] fused = Judge.Run(pairs, inputs, new FloatSessionOptions
        {
            Optimization = GraphOptimization.Extended,
            OptimizedModelPath = folder["fused.onnx"],
            AllowSaturation = isSigned,
            SignedActivations = isSigned,
        })[0];
        float[] integer = Judge.Run(integers, inputs, SessionFor(integers))[0];
        Assert.True(Judge.Sqnr(exact, fused) > 18, $"{Judge.Sqnr(exact, fused)} dB");
        Assert.True(Judge.Sqnr(plain, fused) > 30, $"fused differs: {Judge.Sqnr(plain, fused)} dB");
        Assert.True(Judge.Sqnr(fused, integer) > 30, $"integer operators differ: {Judge.Sqnr(fused, integer)} dB");
        if (target.StartsWith("onnxruntime", StringComparison.Ordinal))
        {
            AssertOnePair(OnnxFormat.Read(folder["fused.onnx"]).Graph);
            AssertOnePair(integers.Graph);
            Assert.Equal(fused, integer);
        }
    }

    [Theory]
    [InlineData("generic")]
    [InlineData("fpga-int8")]
    [InlineData("onnxruntime")]
    public void Quantize_WhereSeveralLayersReadOneConstant_IsLoadedByThePreciseKernels(string target)
    {
        var (model, samples) = OperatorModels.Make("Add");
        var graph = model.Graph;
        var factor = graph.AddConstant("factor", Tensor.FromArray([0.4f], new Shape(1)));
        var add = graph.Nodes.Single(n => n.Is("Add"));
        for (int i = 0; i < 2; i++)
        {
            add.SetInput(i, graph.Add("Mul", [graph.Add("Sigmoid", [add.Inputs[i]], "gate", before: add), factor], "product", before: add));
        }

        var quantized = Quantized(model, samples, target, OutputForm.Qdq);
        var inputs = samples.Load(0).Inputs;
        double sqnr = Judge.Sqnr(Judge.Run(model, inputs)[0], Judge.Run(quantized, inputs)[0]);
        Assert.True(sqnr > 18, $"{sqnr} dB");
    }

    [Fact]
    public void Cases_NameEveryOperatorOfTheTable()
    {
        var covered = OperatorModels.Names.SelectMany(n => OperatorModels.Make(n).Model.Graph.Nodes).Select(n => n.OpType).ToHashSet();
        Assert.Empty(OnnxRuntimeTarget.Table.Operators.Keys.Except(covered));
    }

    [ReferenceFact]
    public async Task Quantize_ForEveryTargetInBothForms_PassesTheCheckerAndGivesTheReferenceTheSame()
    {
        var cases = new List<(string Name, Model Model, IReadOnlyDictionary<string, Tensor> Inputs)>();
        foreach (string name in OperatorModels.Names)
        {
            var (model, samples) = OperatorModels.Make(name);
            foreach (var target in TargetCatalog.All)
            {
                foreach (var form in Enum.GetValues<OutputForm>())
                {
                    cases.Add(($"{name}, {target.Name}, {form}", Quantized(model, samples, target.Name, form), samples.Load(1).Inputs));
                }
            }
        }

        float[][][] outputs = await Judge.RunInReference([.. cases.Select(c => (c.Model, c.Inputs))], i => !SessionFor(cases[i].Model).AllowSaturation);
        for (int i = 0; i < cases.Count; i++)
        {
            double sqnr = Judge.Sqnr(Judge.Run(cases[i].Model, cases[i].Inputs, SessionFor(cases[i].Model))[0], outputs[i][0]);
            Assert.True(sqnr > 30, $"{cases[i].Name}: {sqnr} dB");
        }
    }

    [SharedTheory]
    [MemberData(nameof(RealModels))]
    public void Quantize_OfARealModel_LeavesNoFloatOperatorInsideIntegerRegions(string file)
    {
        string path = SharedData.PathOf(file);
        foreach (var form in Enum.GetValues<OutputForm>())
        {
            var result = new Quantizer(new QuantizerOptions { Effort = Effort.Fast, Form = form }).Quantize(path, Samples(path));
            using (new FloatSession(
                OnnxFormat.ToBytes(result.Model), SessionFor(result.Model) with { Optimization = GraphOptimization.Extended, OptimizedModelPath = folder["fused.onnx"] }))
            {
            }

            var fused = OnnxFormat.Read(folder["fused.onnx"]).Graph;
            var table = result.Plan!.Target.Operators.Keys.Where(op => result.Plan.Layers.Any(l => l.OpType == op && l.Role is not OperatorRole.PassThrough));
            foreach (string op in table)
            {
                int planned = result.Plan.Layers.Count(l => l.OpType == op && l.Decision == LayerDecision.Float);
                int left = fused.Nodes.Count(n => n.Is(op));
                Assert.True(left <= planned, $"{form}: {left} {op} are float, {planned} by plan");
            }
        }
    }

    // Asked for its exact kernels, ONNX Runtime makes weights unsigned, and then has no kernel for signed activations in integer operators.
    private static FloatSessionOptions SessionFor(Model model) => new()
    {
        AllowSaturation = model.Graph.Nodes.Any(n => n.OpType is "QLinearConv" or "QGemm" or "QLinearMatMul" && n.Inputs[2]!.Constant!.Type == ElementType.Int8),
    };

    private static Model Quantized(Model model, ISampleSource samples, string target, OutputForm form)
    {
        using var file = new TemporaryFolder();
        OnnxFormat.Write(model, file["model.onnx"]);
        return new Quantizer(new QuantizerOptions { Target = target, Form = form, Effort = Effort.Fast, Threads = 1 }).Quantize(file["model.onnx"], samples).Model;
    }

    private static void AssertOnePair(Graph graph)
    {
        string nodes = string.Join(", ", graph.Nodes.Select(n => n.OpType));
        Assert.True(graph.Nodes.Count(n => n.Is("QuantizeLinear")) == 1, nodes);
        Assert.True(graph.Nodes.Count(n => n.Is("DequantizeLinear")) == 1, nodes);
    }

    private static ISampleSource Samples(string path)
    {
        var graph = OnnxFormat.Read(path).Graph;
        var random = new Random(4);
        return SampleSources.FromMemory(Enumerable.Range(0, 2).Select(i => new Sample(
            i, $"{i}", graph.Inputs.ToDictionary(v => v.Name, v => Values(v.TensorType!, random), StringComparer.Ordinal), null)));
    }

    // Small whole numbers suit indices, lengths and masks.
    private static Tensor Values(TensorType type, Random random)
    {
        long[] shape = [.. type.Dimensions!.Value.Select(d => d.Size ?? 1)];
        var count = new Shape(shape).Count;
        return type.ElementType switch
        {
            ElementType.Int64 => Tensor.FromArray([.. Enumerable.Range(0, (int)count).Select(_ => (long)random.Next(1, 9))], new Shape(shape)),
            ElementType.Int32 => Tensor.FromArray([.. Enumerable.Range(0, (int)count).Select(_ => random.Next(1, 9))], new Shape(shape)),
            _ => WeightedModels.Random(random, 1, shape),
        };
    }
}
