using System.Globalization;
using System.Text;
using System.Text.Json;
using Octet.Analysis;
using Octet.Numerics;

namespace Octet.Tests.Analysis;

public sealed class ReportJsonTests
{
    private static readonly RunReport Report = new()
    {
        Quantization = new QuantizationReport
        {
            Version = "1.2.3",
            Mode = "static",
            Target = "onnxruntime",
            Samples = 64,
            FloatBytes = 1L << 40,
            QuantizedBytes = 12345,
            QuantizedShare = 0.75,
            Sqnr = 31.25,
            Layers =
            [
                new LayerReport("conv <1>", "Conv", "quantized", null, 1000, double.PositiveInfinity, "feedback", 3)
                {
                    Cost = -0.5,
                    Weights = new WeightCosts(4, 3, 1, 2, 5, 2, 1, 1L << 33, 0),
                },
                new LayerReport("größe", "Add", "float", "what it reads is float", 0, null, null, 0),
            ],
            Tensors = [new TensorReport("x", -1.5f, 0.1f, 0.0062745f, 12, "mse"), new TensorReport("y", null, null, 1, 0, null)],
            Warnings = ["OCT4102: \"conv\" costs"],
            Phases = [new PhaseTime("calibration", 1.5)],
        },
        Evaluation = new EvaluationReport
        {
            Samples = 2,
            Outputs = [new OutputReport("out", ElementType.Float32, 10, double.NegativeInfinity, 1, 0.1, 1e-300, null, 0)],
            Classification = new ClassificationReport("out", 2, 0.5, null, 1, null),
        },
        Latency = new LatencyReport(2, 7, new LatencySpread(1.5, 1, 2), new LatencySpread(0.5, 0.25, 0.75)),
    };

    [Fact]
    public void Read_OfWhatWasWritten_GivesTheReport()
    {
        byte[] written = Write(Report);
        var read = ReportJson.Read(new MemoryStream(written));
        Assert.Equal(Report.Quantization!.Layers.AsEnumerable(), read.Quantization!.Layers);
        Assert.Equal(Report.Quantization.Tensors.AsEnumerable(), read.Quantization.Tensors);
        Assert.Equal(Report.Quantization.Phases.AsEnumerable(), read.Quantization.Phases);
        Assert.Equal(Report.Evaluation!.Outputs.AsEnumerable(), read.Evaluation!.Outputs);
        Assert.Equal(Report.Evaluation.Classification, read.Evaluation.Classification);
        Assert.Equal(Report.Latency, read.Latency);
        Assert.Equal(written, Write(read));
    }

    [Fact]
    public void Write_UsesCamelCaseAndTheRecordsOrder()
    {
        using var json = JsonDocument.Parse(Write(Report));
        Assert.Equal(["quantization", "evaluation", "latency"], json.RootElement.EnumerateObject().Select(p => p.Name));
        var layer = json.RootElement.GetProperty("quantization").GetProperty("layers")[0];
        Assert.Equal(
            ["name", "opType", "decision", "why", "multiplyAccumulates", "sqnr", "weightRounding", "saturatingChannels", "reason", "cost", "weights"],
            layer.EnumerateObject().Select(p => p.Name));
        Assert.Equal("Infinity", layer.GetProperty("sqnr").GetString());
        Assert.Equal(10 * Math.Log10(2), layer.GetProperty("weights").GetProperty("saturationCost").GetDouble());
        Assert.Equal("float32", json.RootElement.GetProperty("evaluation").GetProperty("outputs")[0].GetProperty("type").GetString());
        Assert.Equal(3, json.RootElement.GetProperty("latency").GetProperty("speedup").GetDouble());
    }

    [Fact]
    public void Write_InAnyCulture_GivesTheSameBytes()
    {
        byte[] invariant = Write(Report);
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            Assert.Equal(invariant, Write(Report));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.DoesNotContain((byte)'\r', invariant);
        Assert.Equal((byte)'\n', invariant[^1]);
        Assert.Contains("größe", Encoding.UTF8.GetString(invariant), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_OfAQuantizationAlone_LeavesTheRestOut()
    {
        using var stream = new MemoryStream();
        ReportJson.Write(Report.Quantization!, stream);
        stream.Position = 0;
        var read = ReportJson.Read(stream);
        Assert.Equal("1.2.3", read.Quantization!.Version);
        Assert.Null(read.Evaluation);
        Assert.Null(read.Latency);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{\"quantization\": 3}")]
    [InlineData("{\"quantization\": {\"mode\": \"static\"}}")]
    [InlineData("{")]
    public void Read_OfSomethingElse_IsRefused(string text)
        => Assert.Throws<JsonException>(() => ReportJson.Read(new MemoryStream(Encoding.UTF8.GetBytes(text))));

    private static byte[] Write(RunReport report)
    {
        using var stream = new MemoryStream();
        ReportJson.Write(report, stream);
        return stream.ToArray();
    }
}
