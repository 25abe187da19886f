using Octet.Data;
using Octet.Formats.Onnx;
using Octet.Inference;
using Octet.Integers.Steps;
using Octet.Numerics;
using Octet.Tests.Lowering;
using Octet.Tests.Planning;

namespace Octet.Tests.Integers;

/// <summary>Float-scale arithmetic against ONNX Runtime's integer kernels, which compute exactly where they are asked to: 0 differing values.</summary>
public sealed class OnnxRuntimeTests
{
    public static TheoryData<string> Operators => [.. OperatorModels.Names];

    [Theory]
    [MemberData(nameof(Operators))]
    public void Run_OfIntegerOperators_GivesWhatOnnxRuntimeGives(string name)
    {
        var (model, samples) = OperatorModels.Make(name);
        using var folder = new TemporaryFolder();
        OnnxFormat.Write(model, folder["model.onnx"]);
        var quantized = new Quantizer(new QuantizerOptions { Form = OutputForm.QOperator, Effort = Effort.Fast }).Quantize(folder["model.onnx"], samples).Model;
        using var session = new IntegerSession(ModelRunner.ProgramOf(quantized, samples.Load(0).Inputs));
        for (int i = 0; i < samples.Count; i++)
        {
            var inputs = samples.Load(i).Inputs;
            Assert.Equal(Judge.Run(quantized, inputs)[0], session.Run(inputs)[0].ToFloats());
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(13)]
    public void Run_OfSoftmaxOfAnOperatorSet_TakesItsMeaning(long operatorSet)
    {
        var (model, samples) = OperatorModels.Make("Softmax");
        using var folder = new TemporaryFolder();
        OnnxFormat.Write(model, folder["model.onnx"]);
        var quantized = new Quantizer(new QuantizerOptions { Form = OutputForm.QOperator, Effort = Effort.Fast }).Quantize(folder["model.onnx"], samples).Model;
        quantized.Graph.Nodes.Single(n => n.OpType == "QLinearSoftmax").SetAttribute("opset", operatorSet);
        var inputs = samples.Load(0).Inputs;
        var program = ModelRunner.ProgramOf(quantized, inputs);
        Assert.Equal(operatorSet < 13, program.Steps.Any(s => s is FloatStep));
        using var session = new IntegerSession(program);

        // Its optimizer moves the axis of the old one to where the channels lie, which changes what it is over.
        var plain = new FloatSessionOptions { Optimization = GraphOptimization.None };
        Assert.Equal(Judge.Run(quantized, inputs, plain)[0], session.Run(inputs)[0].ToFloats());
    }

    [SharedTheory("mnist", "cifar10", "mlperf_tiny", "imagenet", "fsdd", "ultraface")]
    [InlineData("mnist/lenet_bn.onnx", 64)]
    [InlineData("cifar10/resnet8_bn.onnx", 16)]
    [InlineData("mlperf_tiny/kws_dscnn_bn.onnx", 16)]
    [InlineData("fsdd/fsdd_dscnn_bn.onnx", 16)]
    [InlineData("ultraface/ultraface_rfb320_bn_op13.onnx", 4)]
    [InlineData("imagenet/mobilenet_v2_bn.onnx", 16)]
    public void Run_OfRealNetworks_GivesWhatOnnxRuntimeGives(string file, int count)
    {
        string path = SharedData.PathOf(file);
        var graph = OnnxFormat.Read(path).Graph;
        var random = new Random(5);
        long[] shape = [.. graph.Inputs[0].TensorType!.Dimensions!.Value.Select(d => d.Size ?? 1)];
        var samples = file.StartsWith("imagenet", StringComparison.Ordinal)
            ? SampleSources.Open(SharedData.PathOf("imagenet/test"), ModelInputs.Of(graph), new SampleOptions { Samples = count, Preprocess = Preprocess.Parse("imagenet") })
            : SampleSources.FromMemory(Enumerable.Range(0, count).Select(i => new Sample(i, $"{i}", new Dictionary<string, Tensor> { [graph.Inputs[0].Name] = WeightedModels.Random(random, 1, shape) }, null)));
        foreach (var form in Enum.GetValues<OutputForm>())
        {
            var quantized = new Quantizer(new QuantizerOptions { Form = form, Effort = Effort.Fast }).Quantize(path, samples).Model;
            using var session = new IntegerSession(ModelRunner.ProgramOf(quantized, samples.Load(0).Inputs));
            for (int i = 0; i < count; i++)
            {
                var inputs = samples.Load(i).Inputs;
                float[][] expected = Judge.Run(quantized, inputs);
                var found = session.Run(inputs);
                for (int o = 0; o < expected.Length; o++)
                {
                    Assert.Equal(expected[o], found[o].ToFloats());
                }
            }
        }
    }
}
