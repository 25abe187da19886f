using Octet.Calibration.Inputs;
using Octet.Data;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Tests.Calibration.Inputs;

public class CheckedSamplesTests
{
    [Theory]
    [InlineData(ShapesSample.Recipe, false)]
    [InlineData(null, true)]
    [InlineData("raw", true)]
    [InlineData("unit", true)]
    [InlineData("imagenet", false)]
    public void Problems_WhenTheShapesArePrepared_WarnsOfWrongScalesOnly(string? recipe, bool warns)
    {
        using var shapes = new ShapesSample();
        Assert.Equal(warns, Warns(shapes.ModelPath, shapes.Open(shapes.CalibrationList, recipe, 20)));
    }

    [SharedTheory("imagenet", "mnist", "ultraface", "fsdd", "mlperf_tiny")]
    [InlineData("imagenet/mobilenet_v2_bn.onnx", "imagenet/calibration", "imagenet", false)]
    [InlineData("imagenet/mobilenet_v2_bn.onnx", "imagenet/calibration", null, true)]
    [InlineData("imagenet/mobilenet_v2_bn.onnx", "imagenet/calibration", "raw", true)]
    [InlineData("imagenet/mobilenet_v2_bn.onnx", "imagenet/calibration", "unit", true)]
    [InlineData("imagenet/mobilenet_v2_bn.onnx", "imagenet/calibration", "caffe", true)]
    [InlineData("mnist/lenet_bn.onnx", "mnist/png_calib", null, false)]
    [InlineData("mnist/lenet_bn.onnx", "mnist/t10k-images-idx3-ubyte.gz", null, false)]
    [InlineData("mnist/lenet_bn.onnx", "mnist/png_calib", "unit", true)]
    [InlineData("mnist/lenet_fused.onnx", "mnist/png_calib", "raw", false)]
    [InlineData("ultraface/ultraface_rfb320_bn_op13.onnx", "ultraface/img320x240", "mean=127,std=128", false)]
    [InlineData("ultraface/ultraface_rfb320_bn_op13.onnx", "ultraface/img320x240", null, true)]
    [InlineData("ultraface/ultraface_rfb320_op13.onnx", "ultraface/img320x240", "mean=127,std=128", false)]
    [InlineData("ultraface/ultraface_rfb320_op13.onnx", "ultraface/img320x240", null, true)]
    [InlineData("fsdd/fsdd_dscnn_bn.onnx", "fsdd/calib_logmel.npy", null, false)]
    [InlineData("mlperf_tiny/kws_dscnn_bn.onnx", "mlperf_tiny/kws01_test_mfcc_i8.npy", "mean=83,scale=0.5847029", false)]
    [InlineData("mlperf_tiny/kws_dscnn_bn.onnx", "mlperf_tiny/kws01_test_mfcc_i8.npy", null, true)]
    public void Problems_WhenRealModelsGetTheirData_WarnsOfWrongScalesOnly(string model, string data, string? recipe, bool warns)
    {
        string path = SharedData.PathOf(model);
        var options = new SampleOptions { Samples = 20, Preprocess = recipe is null ? null : Preprocess.Parse(recipe) };
        Assert.Equal(warns, Warns(path, SampleSources.Open(SharedData.PathOf(data), ModelInputs.Of(OnnxFormat.Read(path).Graph), options)));
    }

    [Theory]
    [InlineData(123f, 58f, 255, false)]
    [InlineData(123f, 58f, 1, true)]
    [InlineData(0f, 255f, 255, false)]
    [InlineData(0f, 255f, 2.5f, true)]
    [InlineData(.45f, .226f, 1, false)]
    [InlineData(.45f, .226f, 255, true)]
    public void Problems_WhenTheModelScalesByItself_WantsWhatItIsMeantFor(float mean, float deviation, float largest, bool warns)
    {
        var graph = new Graph("own");
        var x = graph.AddInput("x", TensorType.Of(ElementType.Float32, new Shape(1, 3, 2, 2)));
        var centred = graph.Add("Sub", [x, graph.AddConstant("mean", Tensor.FromArray(new[] { mean, mean, mean }, new Shape(1, 3, 1, 1)))], "centred");
        graph.AddOutput(graph.Add("Div", [centred, graph.AddConstant("deviation", Tensor.Scalar(deviation))], "scaled"));
        var samples = SampleSources.FromMemory(Enumerable.Range(0, 20).Select(i => new Sample(i, $"s{i}", new Dictionary<string, Tensor>
        {
            ["x"] = Tensor.FromArray([.. Enumerable.Range(0, 12).Select(k => largest * ((k + i) % 12) / 11)], new Shape(1, 3, 2, 2)),
        }, null)));
        using var checkedSamples = new CheckedSamples(new Model(graph), samples);
        LoadAll(checkedSamples);

        var problem = checkedSamples.Problems().SingleOrDefault(p => p.Code == ErrorCodes.ValuesUnscaled);

        Assert.Equal(warns, problem is not null);
        Assert.True(!warns || problem!.Message.Contains("the model itself turns input \"x\"", StringComparison.Ordinal), problem?.Message);
    }

    [Fact]
    public void Problems_WhenAModelWasNeverTrained_SaysNothing()
    {
        using var shapes = new ShapesSample();
        var model = OnnxFormat.Read(shapes.ModelPath);
        var normalization = model.Graph.Nodes.First(n => n.OpType == "BatchNormalization");
        var channels = normalization.Input(3)!.Constant!.Shape;
        normalization.Input(3)!.SetConstant(Tensor.FromArray(new float[channels.Count], channels));
        normalization.Input(4)!.SetConstant(Tensor.FromArray([.. Enumerable.Repeat(1f, (int)channels.Count)], channels));
        using var samples = new CheckedSamples(model, shapes.Open(shapes.CalibrationList, "raw", 20));
        LoadAll(samples);

        Assert.DoesNotContain(samples.Problems(), p => p.Code == ErrorCodes.ValuesUnscaled);
    }

    [Fact]
    public void Problems_WhateverTheThreads_AreTheSame()
    {
        using var shapes = new ShapesSample();
        var model = OnnxFormat.Read(shapes.ModelPath);
        IReadOnlyList<DataProblem> Of(int threads)
        {
            using var samples = new CheckedSamples(model, shapes.Open(shapes.CalibrationList, "raw", 12));
            Parallel.For(0, samples.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, i => samples.Load(i));
            return samples.Problems();
        }

        Assert.Equal([ErrorCodes.SamplesFew, ErrorCodes.ValuesUnscaled], Of(1).Select(p => p.Code));
        Assert.Equal(Of(1), Of(4));
    }

    [Fact]
    public void Quantize_WhenSeveralSamplesAreBad_NamesAllOfThemAtOnce()
    {
        using var shapes = new ShapesSample();
        string[] files = [.. Directory.EnumerateFiles(shapes.CalibrationFolder).Order(StringComparer.Ordinal)];
        File.WriteAllText(files[3], "some text");
        File.WriteAllBytes(files[40], File.ReadAllBytes(files[40])[..200]);
        File.WriteAllBytes(files[77], []);

        var error = Assert.Throws<OctetException>(() => new Quantizer(new QuantizerOptions { Effort = Effort.Fast, Threads = 2 }).Quantize(shapes.ModelPath, shapes.Open(shapes.CalibrationFolder)));

        Assert.Equal(ErrorCodes.NotAPicture, error.Code);
        Assert.All([3, 40, 77], i => Assert.Contains($"sample {i} (\"{Path.GetFileName(files[i])}\")", error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Quantize_WhenSamplesAreDoubtful_WarnsInTheReport()
    {
        using var shapes = new ShapesSample();
        string[] files = [.. Directory.EnumerateFiles(shapes.CalibrationFolder).Order(StringComparer.Ordinal)];
        File.Copy(files[0], files[1], true);

        var report = new Quantizer(new QuantizerOptions { Effort = Effort.Fast, Threads = 2 }).Quantize(shapes.ModelPath, shapes.Open(shapes.CalibrationFolder, "raw", 10)).Report;

        Assert.Equal([ErrorCodes.SampleDuplicate, ErrorCodes.SamplesFew, ErrorCodes.ValuesUnscaled], report.Warnings.Select(w => w[..7]));
        Assert.Contains(Path.GetFileName(files[1]), report.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Quantize_WhenACallersSampleHoldsNaN_NamesIt()
    {
        using var shapes = new ShapesSample();
        var source = shapes.Open(shapes.CalibrationFolder);
        var samples = SampleSources.FromMemory(Enumerable.Range(0, 20).Select(source.Load).Select(s => s.Index is 5 or 9
            ? s with { Inputs = new Dictionary<string, Tensor> { [""] = Tensor.FromArray([.. Enumerable.Repeat(float.NaN, 3072)], new Shape(1, 3, 32, 32)) } }
            : s));

        var error = Assert.Throws<OctetException>(() => new Quantizer(new QuantizerOptions { Effort = Effort.Fast }).Quantize(shapes.ModelPath, samples));

        Assert.Equal(ErrorCodes.SampleNotFinite, error.Code);
        Assert.Contains("sample 5", error.Message, StringComparison.Ordinal);
        Assert.Contains("sample 9", error.Message, StringComparison.Ordinal);
    }

    private static bool Warns(string model, ISampleSource source)
    {
        using var samples = new CheckedSamples(OnnxFormat.Read(model), source);
        LoadAll(samples);
        return samples.Problems().Any(p => p.Code == ErrorCodes.ValuesUnscaled);
    }

    private static void LoadAll(CheckedSamples samples)
    {
        for (int i = 0; i < samples.Count; i++)
        {
            samples.Load(i);
        }
    }
}
