using Octet.Analysis;
using Octet.Cli.Commands;
using Octet.Cli.Terminal;
using Octet.Numerics;

namespace Octet.Tests.Cli.Terminal;

public sealed class ScreenTests
{
    private static readonly QuantizeResult Result = new(
        "models/net.onnx",
        "models/net.int8.onnx",
        new QuantizationReport
        {
            Version = "1.2.3",
            Mode = "static",
            Target = "onnxruntime",
            Samples = 64,
            FloatBytes = 14_200_000,
            QuantizedBytes = 3_812_345,
            QuantizedShare = 0.9876,
            Layers =
            [
                new LayerReport("/stem/Conv", "Conv", "quantized", null, 10_838_016, 31.25, "feedback", 3)
                {
                    Cost = 0.125,
                    Reason = "target onnxruntime has an integer kernel for Conv",
                    Weights = new WeightCosts(4, 3, 1, 1.1, 16, 3, 0, 12_345, 0),
                },
                new LayerReport("/block/depthwise", "Conv", "quantized", null, 903_168, 17.5, "nearest", 0) { Cost = 2.5 },
                new LayerReport("/head/Gemm", "Gemm", "float", "kept float as asked (\"Gemm\")", 1_280_000, null, null, 0),
                new LayerReport("/head/Softmax", "Softmax", "float", "what it reads is float", 0, null, null, 0),
            ],
            Tensors = [new TensorReport("input", -2.117904f, 2.64f, 0.018658f, 114, null), new TensorReport("stem", 0, 6, 0.0235f, 0, "mse") { Reason = "mse as --method says" }],
            Phases = [new PhaseTime("reading", 0.125), new PhaseTime("calibration", 12.5)],
        },
        new EvaluationReport
        {
            Samples = 1000,
            Outputs = [new OutputReport("logits", ElementType.Float32, 1_000_000, 18.75, 0.9935, 1.5, 0.25, 0.985, 0)],
            Classification = new ClassificationReport("logits", 1000, 0.8195, 0.955, 0.824, 0.955),
        },
        new LatencyReport(1, 21, new LatencySpread(12.5, 12, 13), new LatencySpread(4.25, 4, 4.5)));

    [Theory]
    [MemberData(nameof(Cultures.Names), MemberType = typeof(Cultures))]
    public void Summary_Redirected_IsTheSameUnderEveryCultureAndWithoutEscapeCodes(string culture)
        => Cultures.Under(culture, () =>
        {
            string text = Summary(default, Verbosity.Detailed);

            Assert.DoesNotContain('\u001b', text);
            Snapshot.Matches("summary.txt", text);
        });

    [Theory]
    [MemberData(nameof(Cultures.Names), MemberType = typeof(Cultures))]
    public void Summary_OnATerminal_IsTheSameUnderEveryCulture(string culture)
        => Cultures.Under(culture, () => Snapshot.Matches("summary-terminal.txt", Summary(new OutputTraits(true, true), Verbosity.Normal)));

    [Fact]
    public void Summary_OnATerminalWithoutColors_HasLinesButNoEscapeCodes()
    {
        string text = Summary(new OutputTraits(true, false), Verbosity.Normal);

        Assert.DoesNotContain('\u001b', text);
        Assert.Contains('│', text);
    }

    [Theory]
    [MemberData(nameof(Cultures.Names), MemberType = typeof(Cultures))]
    public void Json_IsTheSameUnderEveryCulture(string culture)
        => Cultures.Under(culture, () => Snapshot.Matches("quantize-json.txt", JsonOutput.Text(Result)));

    [Fact]
    public void Summary_Quiet_IsEmpty() => Assert.Equal("", Summary(default, Verbosity.Quiet));

    private static string Summary(OutputTraits traits, Verbosity verbosity)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        QuantizeSummary.Write(new Screen(writer, traits, verbosity), Result, "models/net.int8.report.json");
        return writer.ToString().ReplaceLineEndings("\n");
    }
}
