using Octet.Analysis;
using Octet.Formats.Onnx;
using Octet.Inference;
using Octet.Numerics;

namespace Octet.Tests;

/// <summary>Options of static quantization on the embedded sample, judged on its test pictures.</summary>
public sealed class HighEffortTests
{
    [Fact]
    public void Quantize_WithHighEffortAndFourBits_LosesLessThanWithNormalEffort()
    {
        using var sample = new ShapesSample();
        double normal = SqnrOf(sample, new QuantizerOptions { WeightBits = 4 });
        double high = SqnrOf(sample, new QuantizerOptions { WeightBits = 4, Effort = Effort.High });

        Assert.True(high > normal - 0.3, $"{high} against {normal} dB");
        Assert.True(high > 10, $"{high} dB");
    }

    [Fact]
    public void Quantize_WithHighEffort_GivesTheSameBytesForAnyNumberOfThreads()
    {
        using var sample = new ShapesSample();
        byte[] Bytes(int threads) => OnnxFormat.ToBytes(new Quantizer(new QuantizerOptions { Effort = Effort.High, Threads = threads })
            .Quantize(sample.ModelPath, sample.Open(sample.CalibrationFolder, samples: 24)).Model);

        Assert.Equal(Bytes(1), Bytes(3));
    }

    [Theory]
    [InlineData("calibration", null)]
    [InlineData("weights in order", "before ranges were searched")]
    [InlineData("search", "round 1, after 1 of ")]
    public void Quantize_WhenTheSearchIsStopped_KeepsTheBestUntilThen(string phase, string? told)
    {
        using var sample = new ShapesSample();
        using var stop = new SearchStop();
        bool? kept = null;
        var progress = new Watch(p => kept ??= p.Phase == phase && p.Done == 1 ? stop.Request() : null);
        var result = new Quantizer(new QuantizerOptions { Effort = Effort.High, SearchStop = stop })
            .Quantize(sample.ModelPath, sample.Open(sample.CalibrationFolder, samples: 24), progress);

        Assert.Equal(told is not null, kept);
        Assert.Equal(told is not null, result.Report.SearchCutShort?.StartsWith(told!, StringComparison.Ordinal) ?? false);
        Assert.Equal(result.Report.SearchCutShort, Manifest.Of(result.Model)!.SearchCutShort);
        Assert.Equal(told is null ? 0 : 1, result.Report.Warnings.Count(w => w.StartsWith(ErrorCodes.SearchCutShort, StringComparison.Ordinal)));
        Assert.True(result.Report.Sqnr > 20, $"{result.Report.Sqnr} dB");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(6)]
    public void Quantize_WithFewBits_StoresNoLargerWeights(int bits)
    {
        using var sample = new ShapesSample();
        var model = new Quantizer(new QuantizerOptions { WeightBits = bits, Effort = Effort.Fast }).Quantize(sample.ModelPath, sample.Open(sample.CalibrationFolder, samples: 16)).Model;
        int limit = (1 << (bits - 1)) - 1;
        var weights = model.Graph.Constants.Where(c => c.Constant!.Type == (bits <= 4 ? ElementType.Int4 : ElementType.Int8) && c.Constant.Shape.Rank > 1).ToArray();

        Assert.NotEmpty(weights);
        Assert.All(weights, w => Assert.All(w.Constant!.ToFloats(), v => Assert.InRange(v, -limit, limit)));
    }

    [Fact]
    public void Quantize_WithSixteenBitActivations_LosesLittle()
    {
        using var sample = new ShapesSample();

        Assert.True(SqnrOf(sample, new QuantizerOptions { ActivationBits = 16 }) > SqnrOf(sample, new QuantizerOptions()) + 3);
    }

    private sealed class Watch(Action<QuantizationProgress> look) : IProgress<QuantizationProgress>
    {
        public void Report(QuantizationProgress value) => look(value);
    }

    private static double SqnrOf(ShapesSample sample, QuantizerOptions options)
    {
        var result = new Quantizer(options).Quantize(sample.ModelPath, sample.Open(sample.CalibrationFolder, samples: 64));
        using var reference = new FloatSession(OnnxFormat.Read(sample.ModelPath));
        using var quantized = new FloatSession(result.Model);
        var sums = default(ErrorSums);
        var test = sample.Open(sample.TestList, samples: 100);
        for (int i = 0; i < test.Count; i++)
        {
            var inputs = test.Load(i).Inputs;
            using var expected = reference.Run(inputs);
            using var actual = quantized.Run(inputs);
            sums.Add(ErrorSums.Of(expected.Span<float>(0), actual.Span<float>(0)));
        }

        return sums.Sqnr;
    }
}
