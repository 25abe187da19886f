using Octet.Calibration;
using Octet.Data;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Refinement;
using Octet.Rewrites;

namespace Octet.Tests.Refinement;

public sealed class StagedRunsTests
{
    [Fact]
    public void RunTo_OverAllLayers_GivesWhatOneRunGives()
    {
        using var shapes = new ShapesSample();
        var model = OnnxFormat.Read(shapes.ModelPath);
        RewritePipeline.Simplify.Run(model, CancellationToken.None);
        var samples = Samples(shapes, 3);
        string[] layers = [.. model.Graph.Nodes.Where(n => n.Is("Conv") || n.Is("Gemm")).Select(n => n.Output.Name)];
        Assert.True(layers.Length > 3);
        using var whole = ObservedSession.Open(model, layers);
        var runs = new StagedRuns(model, samples, 2, CancellationToken.None);

        foreach (string layer in layers)
        {
            var staged = new float[samples.Length][];
            runs.RunTo(model.Graph.Find(layer)!, (i, outputs) => staged[i] = outputs.Span<float>(0).ToArray());
            for (int i = 0; i < samples.Length; i++)
            {
                using var expected = whole.Run(samples[i].Inputs, [layer]);
                Assert.Equal(expected.Span<float>(0).ToArray(), staged[i]);
            }
        }
    }

    [Fact]
    public void RunTo_AfterABiasChanged_ComputesWithTheNewOne()
    {
        using var shapes = new ShapesSample();
        var model = OnnxFormat.Read(shapes.ModelPath);
        RewritePipeline.Simplify.Run(model, CancellationToken.None);
        var samples = Samples(shapes, 1);
        Node[] layers = [.. model.Graph.Nodes.Where(n => n.Is("Conv")).Take(2)];
        var runs = new StagedRuns(model, samples, 1, CancellationToken.None);
        runs.RunTo(layers[0].Output, (_, _) => { });
        var bias = layers[0].Inputs[2]!;
        bias.SetConstant(Tensor.FromArray([.. bias.Constant!.ToFloats().Select(b => b + 1)], bias.Constant.Shape));

        float[] staged = [];
        runs.RunTo(layers[1].Output, (_, outputs) => staged = outputs.Span<float>(0).ToArray());

        using var whole = ObservedSession.Open(model, [layers[1].Output.Name]);
        using var expected = whole.Run(samples[0].Inputs);
        Assert.Equal(expected.Span<float>(0).ToArray(), staged);
    }

    private static Sample[] Samples(ShapesSample shapes, int count)
    {
        var source = shapes.Open(shapes.CalibrationFolder, samples: count);
        return [.. Enumerable.Range(0, count).Select(source.Load)];
    }
}
