using Octet.Graphs;
using Octet.Inference;
using Octet.Planning.Targets;
using Octet.Tests.Lowering;

namespace Octet.Tests.Planning;

public sealed class FpgaInt8Tests
{
    [Theory]
    [InlineData(Effort.Fast, "auto")]
    [InlineData(Effort.Normal, "auto")]
    [InlineData(Effort.High, "auto")]
    [InlineData(Effort.Normal, "ppq-percentile")]
    [InlineData(Effort.Normal, "kl")]
    public void Quantize_WritesNoScaleThatIsNoPowerOfTwo(Effort effort, string method)
    {
        using var sample = new ShapesSample();
        var model = Quantize(sample, new QuantizerOptions { Target = FpgaInt8Target.Table.Name, Effort = effort, Method = method });

        var pairs = model.Graph.Nodes.Where(n => n.OpType is "QuantizeLinear" or "DequantizeLinear").ToArray();
        Assert.NotEmpty(pairs);
        Assert.All(pairs, n => Assert.All(n.Inputs[1]!.Constant!.ToFloats(), s => Assert.Equal(MathF.ScaleB(1, Math.ILogB(s)), s)));
        Assert.All(pairs, n => Assert.All(n.Inputs[2]!.Constant!.ToFloats(), z => Assert.Equal(0, z)));
    }

    [Fact]
    public void Quantize_WhereLayersShareAScale_IsLoadedByThePreciseKernelsToo()
    {
        using var sample = new ShapesSample();
        var model = Quantize(sample, new QuantizerOptions { Target = FpgaInt8Target.Table.Name, Effort = Effort.Fast });

        var weights = model.Graph.Nodes.Where(n => n.OpType == "DequantizeLinear" && n.Inputs[0]!.IsConstant).Select(n => n.Inputs[1]!.Constant!.ToFloats()[0]).ToArray();
        Assert.True(weights.Distinct().Count() < weights.Length);
        var inputs = sample.Open(sample.TestList, samples: 1).Load(0).Inputs;
        float[] precise = Judge.Run(model, inputs)[0];
        float[] plain = Judge.Run(model, inputs, new FloatSessionOptions { Optimization = GraphOptimization.None })[0];
        Assert.True(Judge.Sqnr(plain, precise) > 30, $"{Judge.Sqnr(plain, precise)} dB");
    }

    [Fact]
    public void Quantize_LosesFewDecibelsAgainstAnyScale()
    {
        using var sample = new ShapesSample();
        double Sqnr(string target) => new Quantizer(new QuantizerOptions { Target = target })
            .Quantize(sample.ModelPath, sample.Open(sample.CalibrationFolder, samples: 24)).Report.Sqnr!.Value;
        Assert.InRange(Sqnr("fpga-int8"), Sqnr("generic") - 6, double.PositiveInfinity);
    }

    private static Model Quantize(ShapesSample sample, QuantizerOptions options)
        => new Quantizer(options).Quantize(sample.ModelPath, sample.Open(sample.CalibrationFolder, samples: 24)).Model;
}
