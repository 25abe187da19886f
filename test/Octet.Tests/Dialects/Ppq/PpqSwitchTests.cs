using System.Text.Json;
using Octet.Dialects.Ppq;
using Octet.Dialects.Ppq.Exports;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;
using Octet.Tests.Golden;
using Octet.Tests.Lowering;

namespace Octet.Tests.Dialects.Ppq;

/// <summary>quantize_activation, quantize_parameter and baking_parameter switched off: the simulation and the files.</summary>
public sealed class PpqSwitchTests
{
    [GoldenTheory(PpqLeNet.Digits, PpqLeNet.Model, PpqNetworks.ResNet)]
    [InlineData("FPGA_INT8", "lenet")]
    [InlineData("TRT_INT8", "lenet")]
    [InlineData("FPGA_INT8", "resnet")]
    [InlineData("TRT_INT8", "resnet")]
    public void WithoutActivations_WeightsAloneAreRounded(string platform, string network)
    {
        using var folder = new TemporaryFolder();
        var quantizer = new PpqQuantizer(TargetPlatform.Find(platform), new QuantizationSetting { QuantizeActivation = false });
        Assert.Equal(0, quantizer.Sweeps);
        var graph = PpqNetworks.Quantize(platform, new QuantizationSetting { QuantizeActivation = false }, network);
        Assert.DoesNotContain(graph.Configs, c => c is { IsParameter: false, IsFloat: false } && c.State != QuantizationStates.Overlapped);
        Assert.Equal(platform == "FPGA_INT8", graph.Warnings.Any(w => w.Contains("biases stay float", StringComparison.Ordinal)));
        Assert.Contains(graph.Configs, c => c is { IsParameter: true, State: QuantizationStates.Baked });
        PpqExporter.Export(graph, "ONNXRUNTIME", folder["x.onnx"]);
        var written = OnnxFormat.Read(folder["x.onnx"]).Graph;
        Assert.DoesNotContain(written.Nodes, n => n.Is("QuantizeLinear"));
        Assert.Equal(graph.ComputingOperations.Count(), written.Nodes.Count(n => n.Is("DequantizeLinear")));
        Assert.Equal(graph.ComputingOperations.Count(), written.Constants.Count(c => c.Constant is { Type: ElementType.Int8, Shape.Rank: > 1 }));
        AssertRuns(graph, network, folder["x.onnx"], graph.Baked());
        Assert.Throws<OctetException>(() => PpqExporter.Export(graph, "TENGINE_INT8", folder["t.onnx"]));
    }

    [GoldenTheory(PpqLeNet.Digits, PpqLeNet.Model, PpqNetworks.ResNet)]
    [InlineData("FPGA_INT8", "lenet")]
    [InlineData("TRT_INT8", "lenet")]
    [InlineData("FPGA_INT8", "resnet")]
    public void WithoutParameters_ActivationsAloneAreRounded(string platform, string network)
    {
        using var folder = new TemporaryFolder();
        var graph = PpqNetworks.Quantize(platform, new QuantizationSetting { QuantizeParameter = false }, network);
        Assert.Empty(graph.Weights);
        Assert.NotEmpty(graph.ComputingOperations);
        Assert.All(graph.Configs.Where(c => c.IsParameter), c => Assert.True(c.IsFloat));
        Assert.Contains(graph.Configs, c => c.State == QuantizationStates.Activated);
        PpqExporter.Export(graph, "ONNXRUNTIME", folder["x.onnx"]);
        var written = OnnxFormat.Read(folder["x.onnx"]).Graph;
        Assert.DoesNotContain(written.Constants, c => c.Constant is { Type: ElementType.Int8 or ElementType.Int32, Shape.Rank: > 1 });
        foreach (var layer in graph.ComputingOperations)
        {
            var weights = layer.NodeIn(graph.Float.Graph).Inputs[1]!;
            Assert.Equal(weights.Constant!.ToFloats(), written.Find(weights.Name)!.Constant!.ToFloats());
        }

        AssertRuns(graph, network, folder["x.onnx"], null);
    }

    [GoldenFact(PpqLeNet.Digits, PpqLeNet.Model)]
    public void WithNeither_TheNetworkIsFloat()
    {
        using var folder = new TemporaryFolder();
        var graph = PpqNetworks.Quantize("FPGA_INT8", new QuantizationSetting { QuantizeActivation = false, QuantizeParameter = false });
        PpqExporter.Export(graph, "ONNXRUNTIME", folder["x.onnx"]);
        Assert.DoesNotContain(OnnxFormat.Read(folder["x.onnx"]).Graph.Nodes, n => n.OpType.EndsWith("Linear", StringComparison.Ordinal));
        AssertClose(Run(graph.Float, "lenet"), Simulated(graph, "lenet"));
    }

    [GoldenFact(PpqLeNet.Digits, PpqLeNet.Model)]
    public void WithoutBaking_TheSimulationIsTheSame_AndFilesWithoutIntegersKeepFloatParameters()
    {
        using var folder = new TemporaryFolder();
        QuantizationSetting Setting(bool baking) => new() { Equalization = true, QuantizeParameterSetting = new() { BakingParameter = baking } };
        var (baked, not) = (PpqNetworks.Quantize("FPGA_INT8", Setting(true)), PpqNetworks.Quantize("FPGA_INT8", Setting(false)));
        Assert.Equal(Simulated(baked, "lenet"), Simulated(not, "lenet"));
        byte[] Written(PpqGraph graph, string form)
        {
            PpqExporter.Export(graph, form, folder["x.onnx"]);
            return File.ReadAllBytes(folder["x.onnx"]);
        }

        Assert.Equal(Written(baked, "ONNXRUNTIME"), Written(not, "ONNXRUNTIME"));
        foreach (string form in new[] { "ONNX", "NXP_INT8" })
        {
            Assert.NotEqual(Written(baked, form), Written(not, form));
            var written = OnnxFormat.Read(folder["x.onnx"]).Graph;
            Assert.All(not.Configs.Where(c => c.IsParameter), c => Assert.Equal(not.Float.Graph.Find(c.Variable)!.Constant!.ToFloats(), written.Find(c.Variable)!.Constant!.ToFloats()));
        }

        Written(not, "ONNX");
        var configs = JsonDocument.Parse(File.ReadAllText(folder["x.json"])).RootElement.GetProperty("configs").GetProperty("/conv1/Conv");
        Assert.Equal("ACTIVATED", configs.GetProperty("/conv1/Conv_weight").GetProperty("state").GetString());
        Assert.Equal("PASSIVE", configs.GetProperty("/conv1/Conv_bias").GetProperty("state").GetString());
    }

    [GoldenFact(PpqLeNet.Digits, PpqLeNet.Model)]
    public void WithoutPassiveParameters_BiasesStayFloat_InTheFileToo()
    {
        var setting = new QuantizationSetting { QuantizeParameterSetting = new() { QuantizePassiveParameter = false } };
        var graph = PpqNetworks.Quantize("FPGA_INT8", setting);
        Assert.Equal(3, graph.Configs.Count(c => c.State == QuantizationStates.PassiveInit));
        var model = graph.ToOnnx(PpqMeaning.Simulation);
        Assert.All(graph.ComputingOperations, l => Assert.Equal(l.NodeIn(graph.Float.Graph).Inputs[2]!.Constant!.ToFloats(), l.NodeIn(model.Graph).Inputs[2]!.Constant!.ToFloats()));
        Assert.All(graph.ComputingOperations, l => Assert.Null(l.NodeIn(graph.ToOnnx(PpqMeaning.Integer).Graph).Inputs[2]!.Constant));
    }

    [GoldenFact(PpqLeNet.Digits, PpqLeNet.Model)]
    public void BiasesCorrected_WithoutActivations_LowerTheError()
    {
        double Error(bool correct)
        {
            var graph = PpqNetworks.Quantize("FPGA_INT8", new QuantizationSetting { QuantizeActivation = false, BiasCorrect = correct, BiasCorrectSetting = new() { BlockSize = 1, Steps = 16 } });
            return Simulated(graph, "lenet").Zip(Run(graph.Float, "lenet"), (a, b) => (double)(a - b) * (a - b)).Sum();
        }

        Assert.True(Error(true) < Error(false));
    }

    [GoldenTheory(PpqLeNet.Digits, PpqLeNet.Model)]
    [InlineData(false, true, "quantize_activation")]
    [InlineData(true, false, "quantize_parameter")]
    public void Integers_OfWhatIsFloat_AreRefused(bool activations, bool parameters, string name)
    {
        using var folder = new TemporaryFolder();
        var setting = new QuantizationSetting { QuantizeActivation = activations, QuantizeParameter = parameters };
        var graph = PpqNetworks.Quantize("TRT_INT8", setting);
        foreach (var attempt in new Action[]
        {
            () => graph.ToOnnx(PpqMeaning.Integer),
            () => PpqExporter.Check("ONNXRUNTIME", graph.Platform, setting, PpqMeaning.Integer),
            () => PpqExporter.Export(graph, "ONNXRUNTIME", folder["x.onnx"], PpqMeaning.Integer),
        })
        {
            var error = Assert.Throws<OctetException>(attempt);
            Assert.Equal(ErrorCodes.DialectUnsupported, error.Code);
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(folder["x.onnx"]));
    }

    // The file computes what the simulation does, and that is neither the float network nor one in which all is rounded.
    private static void AssertRuns(PpqGraph graph, string network, string path, Model? same)
    {
        float[] simulated = Simulated(graph, network);
        float[] written = Run(OnnxFormat.Read(path), network);
        if (graph.Weights.Count > 0 || network == "lenet")
        {
            AssertClose(simulated, written);
        }
        else
        {
            // Sums of float weights, which other code forms in another order, fall to either side of a half here and there.
            Assert.InRange(Judge.Sqnr(simulated, written), 25, double.PositiveInfinity);
        }

        if (same is not null)
        {
            AssertClose(Run(same, network), simulated);
        }

        Assert.NotEqual(Run(graph.Float, network), simulated);
        Assert.NotEqual(Simulated(PpqNetworks.Quantize(graph.Platform.Name, new QuantizationSetting(), network), network), simulated);
    }

    private static void AssertClose(float[] expected, float[] actual)
        => Assert.All(expected.Zip(actual), p => Assert.Equal(p.First, p.Second, 1e-4f * Math.Max(1, expected.Max(MathF.Abs))));

    private static float[] Simulated(PpqGraph graph, string network)
    {
        using var executor = new PpqExecutor(graph);
        var samples = PpqNetworks.Samples(network, 8);
        return [.. Enumerable.Range(0, samples.Count).SelectMany(i => executor.Forward(samples.Load(i).Inputs)[0].ToFloats())];
    }

    private static float[] Run(Model model, string network)
    {
        using var session = new FloatSession(model, new FloatSessionOptions { IntegerKernels = false });
        var samples = PpqNetworks.Samples(network, 8);
        return [.. Enumerable.Range(0, samples.Count).SelectMany(i =>
        {
            using var outputs = session.Run(samples.Load(i).Inputs);
            return outputs.ToTensor(0).ToFloats();
        })];
    }
}
