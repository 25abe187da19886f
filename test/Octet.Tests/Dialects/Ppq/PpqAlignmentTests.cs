using Octet.Dialects.Ppq;
using Octet.Dialects.Ppq.Settings;
using Octet.Inference;
using Octet.Rewrites;
using Octet.Tests.Golden;
using Octet.Tests.Lowering;

namespace Octet.Tests.Dialects.Ppq;

/// <summary>Which tensors share a scale by fusion_setting: in the plan, in the simulation, and as integers.</summary>
public sealed class PpqAlignmentTests
{
    private static readonly string[] Halves = ["rectified", "rectified_1"];

    /// <summary>Every operation with every word that PPQ takes for it.</summary>
    public static TheoryData<string, string> Words => new()
    {
        { "concat", "None" },
        { "concat", "Align to Large" },
        { "concat", "Align to Output" },
        { "resize", "None" },
        { "resize", "Align to Input" },
        { "resize", "Align to Output" },
        { "average", "None" },
        { "average", "Align to Input" },
        { "average", "Align to Output" },
    };

    [GoldenTheory(PpqLeNet.Digits, PpqLeNet.Model)]
    [MemberData(nameof(Words))]
    public void Scales_AreSharedAsAsked(string operation, string how)
    {
        var free = PpqNetworks.Quantize("TRT_INT8", new QuantizationSetting { FusionSetting = new() { AlignQuantization = false } }, "joined");
        var graph = PpqNetworks.Quantize("TRT_INT8", Setting(operation, how), "joined");
        var layer = graph.Plan.Layers.Single(l => l.Name == operation);
        float[] inputs = [.. layer.DataInputs.Select(t => ScaleOf(graph, t))];
        float[] own = [.. layer.DataInputs.Select(t => ScaleOf(free, t))];
        float output = ScaleOf(graph, layer.DataOutputs[0]);
        float ownOutput = ScaleOf(free, layer.DataOutputs[0]);
        Assert.All(own, s => Assert.True(s != ownOutput || operation == "concat", "without alignment each has its own"));
        switch (how)
        {
            case "None":
                Assert.Equal(own, inputs);
                Assert.Equal(ownOutput, output);
                break;
            case "Align to Large":
                Assert.Equal(2, own.Distinct().Count());
                Assert.All(inputs, s => Assert.Equal(own.Max() * 128 / 127.5f, s, 1e-6f * s));
                Assert.Equal(ownOutput, output);
                break;
            case "Align to Output":
                Assert.All(inputs, s => Assert.Equal(ownOutput, s));
                Assert.Equal(ownOutput, output);
                break;
            default:
                Assert.Equal(own, inputs);
                Assert.Equal(own[0], output);
                break;
        }

        // The simulation rounds to these steps, and gives something else than where nothing is aligned.
        using var executor = new PpqExecutor(graph, [.. layer.DataInputs, layer.DataOutputs[0], "output"]);
        using var other = new PpqExecutor(free);
        var sample = PpqLeNet.Training(1).Load(0).Inputs;
        var values = executor.Forward(sample);
        Assert.All(inputs.Append(output).Zip(values), p => Assert.All(p.Second.ToFloats(), v => Assert.Equal(MathF.Round(v / p.First), v / p.First, 1e-3f)));
        Assert.Equal(how == "None", other.Forward(sample)[0].ToFloats().AsSpan().SequenceEqual(values[^1].ToFloats()));
    }

    [GoldenTheory(PpqLeNet.Digits, PpqLeNet.Model)]
    [MemberData(nameof(Words))]
    public void Integers_OfTheExport_GiveTheSimulation(string operation, string how)
    {
        var graph = PpqNetworks.Quantize("FPGA_INT8", Setting(operation, how), "joined");
        Assert.Equal(operation != "concat" || how == "None", ScaleOf(graph, Halves[0]) != ScaleOf(graph, Halves[1]));
        var model = graph.ToOnnx(PpqMeaning.Integer);
        var samples = PpqLeNet.Training(16);
        var program = ModelRunner.ProgramOf(model, samples.Load(0).Inputs);
        Assert.Empty(graph.QuantizedOperations.Intersect(program.Reasons.Keys));
        using var integers = new IntegerSession(program);
        using var executor = new PpqExecutor(graph);
        for (int i = 0; i < samples.Count; i++)
        {
            var inputs = samples.Load(i).Inputs;
            float[] found = integers.Run(inputs)[0].ToFloats();
            Assert.Equal(Judge.Run(model, inputs, new FloatSessionOptions { Optimization = GraphOptimization.None })[0], found);
            Assert.Equal(executor.Forward(inputs)[0].ToFloats(), found);
        }
    }

    [GoldenFact(PpqLeNet.Digits, PpqNetworks.ResNet)]
    public void Sums_ThatReadOneTensor_AllShareOneScale()
    {
        var graph = PpqNetworks.Quantize("TRT_INT8", new QuantizationSetting { FusionSetting = new() { AlignElementwiseTo = "Align to Output", AlignAvgpoolingTo = "Align to Input" } }, "resnet");
        var sums = graph.Plan.Layers.Where(l => l.OpType == "Add" && l.DataInputs.Length == 2).ToArray();
        Assert.NotEmpty(sums);
        Assert.All(sums, s => Assert.Single(s.DataInputs.Append(s.DataOutputs[0]).Select(t => ScaleOf(graph, t)).Distinct()));
        var pool = graph.Plan.Layers.Single(l => l.OpType is "AveragePool" or "GlobalAveragePool" && l.DataInputs.Length > 0);
        Assert.Equal(ScaleOf(graph, pool.DataInputs[0]), ScaleOf(graph, pool.DataOutputs[0]));
    }

    [GoldenFact(PpqLeNet.Digits, PpqLeNet.Model)]
    public void SumsOfSums_ThatAlignToTheirOutputs_AllShareTheLastScale()
    {
        var model = PpqLeNet.Read();
        RewritePipeline.SimplifyInSingle.Run(model);
        var graph = model.Graph;
        var pool = graph.Nodes.Last(n => n.Is("MaxPool"));
        var values = pool.Inputs[0]!;
        var smooth = graph.Add("AveragePool", [values], "smooth", before: pool);
        smooth.Producer!.SetAttribute("kernel_shape", new long[] { 3, 3 });
        smooth.Producer.SetAttribute("pads", new long[] { 1, 1, 1, 1 });
        var sum = graph.Add("Add", [values, smooth], "sum", before: pool);
        pool.SetInput(0, graph.Add("Add", [sum, smooth], "last", before: pool));
        var setting = new QuantizationSetting { FusionSetting = new() { AlignElementwiseTo = "Align to Output" } };
        var quantized = new PpqQuantizer(TargetPlatform.Find("TRT_INT8"), setting).Quantize(model, PpqLeNet.Training(16), 16, 2);
        string[] all = [values.Name, "smooth", "sum", "last"];
        Assert.Single(all.Select(t => ScaleOf(quantized, t)).Distinct());
    }

    [GoldenTheory(PpqLeNet.Digits, PpqLeNet.Model)]
    [InlineData("concat", "Align to Input")]
    [InlineData("resize", "Align to Large")]
    [InlineData("average", "Align to Large")]
    [InlineData("average", "align to input")]
    public void Words_ThatPpqRefuses_AreRefused(string operation, string how)
    {
        var error = Assert.Throws<OctetException>(() => PpqNetworks.Quantize("FPGA_INT8", Setting(operation, how)));
        Assert.Equal(ErrorCodes.DialectUnsupported, error.Code);
        Assert.Contains(how, error.Message, StringComparison.Ordinal);
    }

    private static float ScaleOf(PpqGraph graph, string tensor) => graph.Plan.ParamsOf(tensor).Scale;

    // The others align nothing, so that what is seen is the one's.
    private static QuantizationSetting Setting(string operation, string how)
    {
        var none = new QuantizationFusionSetting { AlignElementwiseTo = "None", AlignConcatTo = "None", AlignResizeTo = "None", AlignAvgpoolingTo = "None" };
        return new QuantizationSetting
        {
            FusionSetting = operation switch { "concat" => none with { AlignConcatTo = how }, "resize" => none with { AlignResizeTo = how }, _ => none with { AlignAvgpoolingTo = how } },
        };
    }
}
