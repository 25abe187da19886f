using Octet.Data;
using Octet.Dialects.Ppq;
using Octet.Dialects.Ppq.Analyses;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;
using Octet.Refinement;
using Octet.Rewrites;
using Octet.Tests.Golden;

namespace Octet.Tests.Dialects.Ppq;

/// <summary>PPQ's passes that change the network. No numbers of PPQ's are there for them: the float network must compute the same, and what they promise must hold.</summary>
public sealed class PpqPassesTests
{
    private const string ResNet = "../data/cifar10/resnet8_bn.onnx";

    [GoldenTheory(PpqLeNet.Digits, PpqLeNet.Model)]
    [InlineData("/conv2/Conv", 0.2)]
    [InlineData("/fc1/Gemm", 0.1)]
    public void WeightsSplit_AreHalfAsLarge_AndTheNetworkTheSame(string layer, double threshold)
    {
        var model = Simplified();
        var node = model.Graph.Nodes.Single(n => n.DisplayName == layer);
        float before = Largest(node);
        var made = SplitLayer.Beside(node, threshold);
        Assert.Equal(2, made.Count);
        Assert.Equal(Math.Max(before / 2, (float)threshold), Math.Max(Largest(node), Largest(made[0])), 0.1 * threshold);
        Assert.Empty(model.Graph.Verify());
        AssertSame(Simplified(), model, 2e-6);
        Assert.Empty(SplitLayer.Beside(node, 1000));
    }

    [GoldenFact(PpqLeNet.Digits, PpqLeNet.Model)]
    public void Factorized_TheNetworkIsTheSame()
    {
        var model = Simplified();
        var node = model.Graph.Nodes.Single(n => n.Is("Gemm"));
        var second = SplitLayer.InTwo(node);
        Assert.Equal((new Shape(10, 64), new Shape(10, 10)), (node.Inputs[1]!.Constant!.Shape, second.Inputs[1]!.Constant!.Shape));
        Assert.Null(node.Input(2));
        Assert.Empty(model.Graph.Verify());
        AssertSame(Simplified(), model, 2e-6);
        Assert.False(SplitLayer.CanFactorize(model.Graph.Nodes.First(n => n.Is("Conv"))));
    }

    [Theory]
    [InlineData(5, 3)]
    [InlineData(3, 5)]
    [InlineData(4, 4)]
    public void SingularValues_OfAMatrix_MakeItAgain(int rows, int columns)
    {
        var random = new Random(7);
        var matrix = new double[rows, columns];
        for (int i = 0; i < matrix.Length; i++)
        {
            matrix[i / columns, i % columns] = random.NextDouble() - 0.5;
        }

        var (u, s, vt) = SingularValues.Of(matrix);
        Assert.Equal(s.OrderDescending(), s);
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                Assert.Equal(matrix[r, c], Enumerable.Range(0, s.Length).Sum(k => u[r, k] * s[k] * vt[k, c]), 12);
            }
        }

        for (int a = 0; a < s.Length; a++)
        {
            for (int b = 0; b < s.Length; b++)
            {
                Assert.Equal(a == b ? 1 : 0, Enumerable.Range(0, rows).Sum(r => u[r, a] * u[r, b]), 12);
            }
        }
    }

    [GoldenFact(PpqLeNet.Digits, PpqLeNet.Model)]
    public void ChannelsSplit_AreSmallerOnBothSides_AndTheNetworkTheSame()
    {
        var model = Simplified();
        const double Threshold = 0.25;
        int added = new ChannelSplit(1, 1, Threshold).Run(model, [], 1);
        Assert.InRange(added, 1, 12);
        Assert.Empty(model.Graph.Verify());
        Assert.Equal(4 + 8 + 16 + added, model.Graph.Nodes.Where(n => n.Is("Conv")).Sum(n => n.Inputs[1]!.Constant!.Shape[0]));
        AssertSame(Simplified(), model, 2e-6);
        int more = new ChannelSplit(1, 10, Threshold).Run(model, [], 1);
        Assert.True(more > 0, "channels that stay large are split again");
        AssertSame(Simplified(), model, 2e-6);
    }

    [GoldenFact(PpqLeNet.Digits, PpqLeNet.Model)]
    public void Quantized_WithAllPasses_GoesWherePpqSendsTheOldLayers()
    {
        var setting = new QuantizationSetting
        {
            WeightSplit = true,
            WeightSplitSetting = new() { InterestedLayers = ["/conv3/Conv"], ValueThreshold = 0.3 },
            MatrixFactorization = true,
            MatrixFactorizationSetting = new() { InterestedLayers = ["/fc1/Gemm"] },
            ChannelSplit = true,
            ChannelSplitSetting = new() { ValueThreshold = 0.25, Iterations = 1 },
            Equalization = true,
            BiasCorrect = true,
            BiasCorrectSetting = new() { BlockSize = 1, Steps = 8 },
        };
        var graph = new PpqQuantizer(TargetPlatform.Find("FPGA_INT8"), setting).Quantize(PpqLeNet.Read(), PpqLeNet.Training(16), 16, 2);
        Assert.Contains("/conv3/Conv_split", graph.QuantizedOperations);
        Assert.Contains("/conv3/Conv_sum", graph.QuantizedOperations);
        Assert.DoesNotContain(graph.QuantizedOperations, o => o.StartsWith("/fc1", StringComparison.Ordinal));
        Assert.All(PpqAnalyses.GraphwiseErrorAnalyse(graph, PpqLeNet.Training(16), 16, 2), e => Assert.True(e.Value.NoiseRatio < 0.05, $"{e.Key}: {e.Value.NoiseRatio}"));
        Assert.All(graph.Configs.SelectMany(c => c.Scales), s => Assert.Equal(MathF.ScaleB(1, (int)MathF.Round(MathF.Log2(s))), s));
    }

    [GoldenTheory(PpqLeNet.Digits, PpqLeNet.Model)]
    [InlineData("FPGA_INT8")]
    [InlineData("TRT_INT8")]
    public void BiasesCorrected_LowerTheErrorAtTheOutputs(string platform)
    {
        double Error(bool correct)
        {
            var setting = new QuantizationSetting { BiasCorrect = correct, BiasCorrectSetting = new() { BlockSize = 1, Steps = 32 } };
            var graph = new PpqQuantizer(TargetPlatform.Find(platform), setting).Quantize(PpqLeNet.Read(), PpqLeNet.Training(32), 32, 2);
            Assert.Empty(graph.Warnings);
            using var executor = new PpqExecutor(graph);
            using var reference = new FloatSession(graph.Float);
            return Enumerable.Range(0, 32).Select(PpqLeNet.Training(32).Load).Sum(s =>
            {
                using var outputs = reference.Run(s.Inputs);
                return outputs.ToTensor(0).ToFloats().Zip(executor.Forward(s.Inputs)[0].ToFloats(), (f, q) => (double)(f - q) * (f - q)).Sum();
            });
        }

        Assert.True(Error(correct: true) < Error(correct: false));
    }

    [GoldenFact(PpqLeNet.Digits, PpqLeNet.Model)]
    public void SsdEqualization_LiftsChannelsThatWereMadeSmall_AndTheNetworkStaysTheSame()
    {
        // A channel in front sixteen times smaller, the weights that read it as much larger.
        Model Uneven()
        {
            var model = PpqLeNet.Read();
            RewritePipeline.SimplifyInSingle.Run(model);
            Node[] layers = [.. model.Graph.Nodes.Where(n => n.Is("Conv"))];
            float[] scales = [1f / 16, 1, 1, 1];
            new ChannelWeights(layers[0]).Scale(null, scales);
            new ChannelWeights(layers[1]).Scale(scales, null);
            return model;
        }

        PpqGraph Quantize(bool ssd) => new PpqQuantizer(TargetPlatform.Find("FPGA_INT8"), new QuantizationSetting { SsdEqualization = ssd, SsdSetting = new() { Iteration = 1 } })
            .Quantize(Uneven(), PpqLeNet.Training(16), 16, 2);
        var before = Quantize(ssd: false);
        var after = Quantize(ssd: true);
        Assert.Empty(after.Warnings);
        AssertSame(Uneven(), after.Float, 2e-6);
        double Error(PpqGraph graph) => PpqAnalyses.GraphwiseErrorAnalyse(graph, PpqLeNet.Training(16), 16, 2)["/conv2/Conv"].NoiseRatio;
        Assert.True(Error(after) < 0.8 * Error(before), $"{Error(after)} instead of {Error(before)}");
    }

    [GoldenTheory(ResNet)]
    [InlineData("FPGA_INT8", "Align to Large")]
    [InlineData("TRT_INT8", "Align to Large")]
    [InlineData("TRT_INT8", "Align to Output")]
    [InlineData("TRT_INT8", "None")]
    public void InputsOfSums_AreAlignedAsAsked(string platform, string how)
    {
        var random = new Random(3);
        var samples = SampleSources.FromMemory(Enumerable.Range(0, 8).Select(i => new Sample(
            i, $"{i}", new Dictionary<string, Tensor> { [""] = Tensor.FromArray([.. Enumerable.Range(0, 3 * 32 * 32).Select(_ => (float)random.NextDouble())], ShapeOf(GoldenFile.PathOf(ResNet))) }, null)));
        PpqGraph Quantize(string alignment) => new PpqQuantizer(TargetPlatform.Find(platform), new QuantizationSetting { FusionSetting = new() { AlignElementwiseTo = alignment } })
            .Quantize(OnnxFormat.Read(GoldenFile.PathOf(ResNet)), samples, 8, 2);
        var graph = Quantize(how);
        var before = Quantize("None");
        var sums = graph.Plan.Layers.Where(l => l.OpType == "Add" && l.DataInputs.Length == 2).ToArray();
        Assert.NotEmpty(sums);
        foreach (var sum in sums)
        {
            float[] scales = [.. sum.DataInputs.Select(t => graph.Plan.ParamsOf(t).Scale)];
            Assert.True(how == "None" || scales[0] == scales[1], $"{sum.Name}: {scales[0]} and {scales[1]}");
            Assert.True(how != "Align to Output" || scales[0] == graph.Plan.ParamsOf(sum.DataOutputs[0]).Scale);
            Assert.True(how != "Align to Large" || scales[0] >= sum.DataInputs.Max(t => before.Plan.ParamsOf(t).Scale));
        }

        Assert.Equal(how == "None", sums.Any(s => graph.Plan.ParamsOf(s.DataInputs[0]).Scale != graph.Plan.ParamsOf(s.DataInputs[1]).Scale));
    }

    private static Shape ShapeOf(string path)
    {
        var dimensions = ModelInputs.Of(OnnxFormat.Read(path).Graph)[0].Dimensions;
        return new Shape([1, .. dimensions.Skip(1).Select(d => d!.Value)]);
    }

    private static float Largest(Node node) => node.Inputs[1]!.Constant!.ToFloats().Max(MathF.Abs);

    private static Model Simplified()
    {
        var model = PpqLeNet.Read();
        RewritePipeline.SimplifyInSingle.Run(model);
        return model;
    }

    private static void AssertSame(Model expected, Model actual, double tolerance)
    {
        using var first = new FloatSession(expected);
        using var second = new FloatSession(actual);
        var samples = PpqLeNet.Training(4);
        for (int i = 0; i < samples.Count; i++)
        {
            using var a = first.Run(samples.Load(i).Inputs);
            using var b = second.Run(samples.Load(i).Inputs);
            float[] outputs = a.ToTensor(0).ToFloats();
            Assert.All(outputs.Zip(b.ToTensor(0).ToFloats()), p => Assert.True(Math.Abs(p.First - p.Second) <= tolerance * outputs.Max(MathF.Abs), $"{p}"));
        }
    }
}
