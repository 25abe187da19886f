using Octet.Formats.Onnx;
using Octet.Inference;

namespace Octet.Tests.Lowering;

public sealed class KeptFloatTests
{
    [Fact]
    public void Quantize_WhenALayerBetweenIntegerLayersIsKeptFloat_OnnxRuntimeLeavesItsWeightsAlone()
    {
        using var shapes = new ShapesSample();
        var samples = shapes.Open(shapes.CalibrationFolder, samples: 20);
        string layer = OnnxFormat.Read(shapes.ModelPath).Graph.Nodes.Where(n => n.Is("Conv")).ElementAt(4).DisplayName;
        var options = new QuantizerOptions { Effort = Effort.Fast, KeepFloat = [layer] };

        byte[] model = OnnxFormat.ToBytes(new Quantizer(options).Quantize(shapes.ModelPath, samples).Model);

        using var shipped = new FloatSession(model);
        using var simulated = new FloatSession(model, new FloatSessionOptions { IntegerKernels = false });
        double power = 0;
        double difference = 0;
        for (int i = 0; i < 20; i++)
        {
            var inputs = samples.Load(i).Inputs;
            using var expected = simulated.Run(inputs);
            using var actual = shipped.Run(inputs);
            var e = expected.Span<float>(0);
            var a = actual.Span<float>(0);
            for (int v = 0; v < e.Length; v++)
            {
                power += (double)e[v] * e[v];
                difference += ((double)e[v] - a[v]) * ((double)e[v] - a[v]);
            }
        }

        // Kernels differ from the simulation only where sums fall next to a tie; weights rounded by ONNX Runtime would leave nearly nothing.
        Assert.True(difference < power / 1000, $"{difference} of {power}");
    }
}
