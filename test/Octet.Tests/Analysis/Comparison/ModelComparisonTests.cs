using Octet.Analysis.Comparison;
using Octet.Formats.Onnx;
using Octet.Numerics;
using DataFolder = Octet.Tests.Data.DataFolder;

namespace Octet.Tests.Analysis.Comparison;

public sealed class ModelComparisonTests : IDisposable
{
    private readonly DataFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Alone_IsTheErrorThatALayerHasWhereNothingElseIsQuantized()
    {
        string model = UnevenNet.Write(folder);
        var all = Compare(model, new QuantizerOptions { Effort = Effort.Fast });
        var last = Compare(model, new QuantizerOptions { Effort = Effort.Fast, KeepFloat = ["first", "uneven"] });

        var inAll = all.Tensors.Single(t => t.Layer == "last");
        var single = last.Tensors.Single(t => t.Layer == "last");
        Assert.Equal(single.Accumulated.Sqnr, inAll.Alone.Sqnr, 3);
        Assert.Equal(single.Accumulated.Sqnr, single.Alone.Sqnr, 3);
        Assert.True(inAll.Accumulated.Sqnr < inAll.Alone.Sqnr - 10, $"{inAll.Accumulated.Sqnr} and {inAll.Alone.Sqnr} dB");
        Assert.Equal(inAll.Accumulated.Sqnr, all.Sqnr, 3);
        Assert.All(all.Tensors, t => Assert.False(t.Rescaled));
        Assert.Contains(all.Tensors, t => t is { Layer: "first", Tensor: "first_relu", Type: "uint8", OpType: "Gemm" });
    }

    [Theory]
    [InlineData(OutputForm.Qdq)]
    [InlineData(OutputForm.QOperator)]
    public void TensorsWithBalancedChannels_AreComparedWithTheScalesTheyHave(OutputForm form)
    {
        using var sample = new ShapesSample();
        var samples = sample.Open(sample.CalibrationFolder, samples: 16);
        OnnxFormat.Write(new Quantizer(new QuantizerOptions { Form = form, Splitting = RefinementUse.Never }).Quantize(sample.ModelPath, samples).Model, folder.PathOf("q.onnx"));

        var report = ModelComparison.Compare(folder.PathOf("q.onnx"), sample.ModelPath, samples, 2);

        Assert.Contains(report.Tensors, t => t.Rescaled);
        Assert.Contains(report.Tensors, t => !t.Rescaled);
        Assert.All(report.Tensors, t => Assert.True(t.Accumulated.Sqnr > 18 && t.Alone.Sqnr > 24, $"{t}"));
        Assert.Empty(report.Unmatched);
        Assert.Contains(report.Tensors, t => t.OpType == (form == OutputForm.Qdq ? "Conv" : "QLinearConv"));
    }

    [Fact]
    public void AnyNumberOfThreads_GivesTheSameReport()
    {
        string model = UnevenNet.Write(folder);
        Quantize(model, new QuantizerOptions { Effort = Effort.Fast });
        var one = ModelComparison.Compare(folder.PathOf("q.onnx"), model, UnevenNet.Samples(20), 1);
        var three = ModelComparison.Compare(folder.PathOf("q.onnx"), model, UnevenNet.Samples(20), 3);

        Assert.Equal(one.Tensors.AsEnumerable(), three.Tensors);
    }

    [Fact]
    public void WhatHasNothingQuantized_OrOtherNames_IsRefused()
    {
        string model = UnevenNet.Write(folder);
        Assert.Equal(ErrorCodes.TensorsUnmatched, Assert.Throws<OctetException>(() => ModelComparison.Compare(model, model, UnevenNet.Samples(2))).Code);

        Quantize(model, new QuantizerOptions { Effort = Effort.Fast, Target = "generic" });
        var renamed = OnnxFormat.Read(folder.PathOf("q.onnx"));
        foreach (var value in renamed.Graph.Values.Where(v => v is { IsInput: false, IsOutput: false }).ToArray())
        {
            renamed.Graph.Rename(value, renamed.Graph.FreshName("t"));
        }

        OnnxFormat.Write(renamed, folder.PathOf("renamed.onnx"));
        var report = ModelComparison.Compare(folder.PathOf("renamed.onnx"), model, UnevenNet.Samples(2));
        Assert.NotEmpty(report.Unmatched);
        Assert.Single(report.Warnings, w => w.StartsWith(ErrorCodes.TensorsUnmatched, StringComparison.Ordinal));
        Assert.Equal(["x", "last_sum"], report.Tensors.Select(t => t.Tensor));
    }

    [Fact]
    public void AnotherNetworksReference_IsRefused()
    {
        string model = UnevenNet.Write(folder);
        Quantize(model, new QuantizerOptions { Effort = Effort.Fast });
        OnnxFormat.Write(TinyModels.Shifted(1, 2), folder.PathOf("other.onnx"));
        Assert.Equal(
            ErrorCodes.OutputsMismatched,
            Assert.Throws<OctetException>(() => ModelComparison.Compare(folder.PathOf("q.onnx"), folder.PathOf("other.onnx"), UnevenNet.Samples(2))).Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ChannelScales_FindsScalesAndOffsetsButNoNoise(bool last)
    {
        var random = new Random(1);
        var shape = last ? new Shape(1, 40, 3) : new Shape(1, 3, 40);
        int ChannelOf(int i) => last ? i % 3 : i / 40;
        float[] values = [.. Enumerable.Range(0, 120).Select(_ => random.NextSingle())];
        float Noise() => 0.02f * (random.NextSingle() - 0.5f);
        float[] Scaled(float[] scales, float offset) => [.. values.Select((v, i) => (v * scales[ChannelOf(i)]) + offset + Noise())];
        ChannelRescaling? Found(float[] other, bool onLast)
        {
            var scales = new ChannelScales(2, onLast);
            scales.Add(0, shape, values, other);
            scales.Add(1, shape, values, other);
            return scales.Find();
        }

        Assert.Null(Found(Scaled([1, 1, 1], 0), last));
        Assert.Null(Found(Scaled([1, 1, 1], 0.005f), last));
        Assert.Null(Found(Scaled([0, 0, 0], 0.5f), last));
        var found = Found(Scaled([1, 2, 0.5f], 0.5f), last);
        Assert.NotNull(found);
        Assert.Equal(2, found.Scales[1].Scale, 1);
        Assert.Equal(0.5f, found.Scales[2].Offset, 1);
        Assert.Equal(values.Select((v, i) => (v * found.Scales[ChannelOf(i)].Scale) + found.Scales[ChannelOf(i)].Offset), found.Apply(shape, values).ToFloats());
    }

    private void Quantize(string model, QuantizerOptions options)
        => OnnxFormat.Write(new Quantizer(options).Quantize(model, UnevenNet.Samples(64)).Model, folder.PathOf("q.onnx"));

    private ComparisonReport Compare(string model, QuantizerOptions options)
    {
        Quantize(model, options);
        return ModelComparison.Compare(folder.PathOf("q.onnx"), model, UnevenNet.Samples(64), 2);
    }
}
