using Octet.Data;
using Octet.Dialects.Ppq;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Rewrites;
using Octet.Tests.Golden;

namespace Octet.Tests.Dialects.Ppq;

/// <summary>Trained networks that settings are tried on.</summary>
internal static class PpqNetworks
{
    /// <summary>The residual network, relative to the golden numbers.</summary>
    public const string ResNet = "../data/cifar10/resnet8_bn.onnx";

    /// <summary>Quantizes a network.</summary>
    /// <param name="platform">PPQ's name.</param>
    /// <param name="setting">The settings.</param>
    /// <param name="network">lenet, joined (<see cref="JoinedLeNet"/>) or resnet.</param>
    public static PpqGraph Quantize(string platform, QuantizationSetting setting, string network = "lenet")
        => new PpqQuantizer(TargetPlatform.Find(platform), setting).Quantize(
            network switch { "lenet" => PpqLeNet.Read(), "joined" => JoinedLeNet(), _ => OnnxFormat.Read(GoldenFile.PathOf(ResNet)) }, Samples(network, 16), 16, 2);

    /// <summary>Its first training images; for the residual network noise.</summary>
    public static ISampleSource Samples(string network, int count)
    {
        if (network != "resnet")
        {
            return PpqLeNet.Training(count);
        }

        var random = new Random(3);
        var dimensions = ModelInputs.Of(OnnxFormat.Read(GoldenFile.PathOf(ResNet)).Graph)[0].Dimensions;
        var shape = new Shape([1, .. dimensions.Skip(1).Select(d => d!.Value)]);
        return SampleSources.FromMemory(Enumerable.Range(0, count).Select(i => new Sample(
            i, $"{i}", new Dictionary<string, Tensor> { [""] = Tensor.FromArray([.. Enumerable.Range(0, (int)shape.Count).Select(_ => (float)random.NextDouble())], shape) }, null)));
    }

    /// <summary>
    /// The LeNet with its first pool's output enlarged and averaged, and its second convolution as two whose outputs are joined: the second computes eight times as
    /// much, and the third convolution weighs that an eighth.
    /// </summary>
    public static Model JoinedLeNet()
    {
        var model = PpqLeNet.Read();
        RewritePipeline.SimplifyInSingle.Run(model);
        var graph = model.Graph;
        var convolutions = graph.Nodes.Where(n => n.Is("Conv")).ToArray();
        var (second, third) = (convolutions[1], convolutions[2]);
        var enlarged = graph.Add("Resize", [second.Inputs[0]!, null, graph.AddConstant("scales", Tensor.FromArray([1f, 1, 2, 2], new Shape(4)))], "enlarged", before: second);
        enlarged.Producer!.SetAttribute("mode", "linear");
        enlarged.Producer.Name = "resize";
        var averaged = graph.Add("AveragePool", [enlarged], "averaged", before: second);
        averaged.Producer!.Name = "average";
        averaged.Producer.SetAttribute("kernel_shape", new long[] { 2, 2 });
        averaged.Producer.SetAttribute("strides", new long[] { 2, 2 });
        Value[] halves = [.. new[] { (From: 0, Factor: 1f), (From: 4, Factor: 8f) }.Select(half =>
        {
            var weights = second.Inputs[1]!.Constant!;
            int each = (int)(weights.Count / 8);
            float[] some = [.. weights.ToFloats().Skip(half.From * each).Take(4 * each).Select(w => w * half.Factor)];
            float[] bias = [.. second.Inputs[2]!.Constant!.ToFloats().Skip(half.From).Take(4).Select(b => b * half.Factor)];
            var sum = graph.Add("Conv", [averaged, graph.AddConstant("half_weight", Tensor.FromArray(some, new Shape(4, 4, 3, 3))), graph.AddConstant("half_bias", Tensor.FromArray(bias, new Shape(4)))], "half", before: second);
            foreach (var (name, value) in second.Attributes)
            {
                sum.Producer!.SetAttribute(name, value);
            }

            sum.Producer!.Name = sum.Name;
            var rectified = graph.Add("Relu", [sum], "rectified", before: second);
            rectified.Producer!.Name = rectified.Name;
            return rectified;
        })];
        var joined = graph.Add("Concat", halves, "joined", before: second);
        joined.Producer!.Name = "concat";
        joined.Producer.SetAttribute("axis", 1L);
        second.Output.Uses[0].Node.Output.ReplaceWith(joined);
        var read = third.Inputs[1]!.Constant!;
        float[] scaled = [.. read.ToFloats().Select((w, i) => i / 9 % 8 >= 4 ? w / 8 : w)];
        third.Inputs[1]!.SetConstant(Tensor.FromArray(scaled, read.Shape));
        graph.RemoveUnused();
        return model;
    }
}
