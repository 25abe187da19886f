using System.Text.Json;

namespace Octet.Tests.Cli.Commands;

public sealed class EvaluateCommandTests : IDisposable
{
    private readonly ShapesSample sample = new();

    public void Dispose() => sample.Dispose();

    [Fact]
    public async Task Evaluate_AModelAgainstItself_FindsNoError()
    {
        var run = (await OctetTool.Run(sample.Root, "evaluate", "shapes.onnx", "--reference", "shapes.onnx", "--data", "test-labels.txt", "--preprocess", ShapesSample.Recipe)).Succeeded();

        Assert.Contains("shapes.onnx on 500 samples, against shapes.onnx\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("  top-1    98.00 % -> 98.00 % (0.00 points, 500 labels)\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("logits: SQNR exact, cosine 1.00000, largest error 0, agrees with float in 100.00 %", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_WithLabelsAlone_TellsAccuracyAsJson()
    {
        var run = (await OctetTool.Run(
            sample.Root, "evaluate", "shapes.onnx", "--data", "test", "--labels", "test-labels.txt", "--preprocess", ShapesSample.Recipe, "--json", "-")).Succeeded();

        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(0.98, json.RootElement.GetProperty("evaluation").GetProperty("classification").GetProperty("top1").GetDouble());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("latency").ValueKind);
    }

    [Fact]
    public async Task Evaluate_WithNothingToMeasure_Refuses()
        => Assert.Contains("there is nothing to measure", (await OctetTool.Run(sample.Root, "evaluate", "shapes.onnx", "--data", "test")).Failed(2, "OCT2001"), StringComparison.Ordinal);

    [Fact]
    public async Task Evaluate_WithAMetricOfTheUsersOwn_TellsWhatItPrints()
    {
        await File.WriteAllTextAsync(Path.Combine(sample.Root, "count.py"), """
            import os, sys
            print("outputs:")
            print(0.5 + sum(name.endswith(".npz") for name in os.listdir(sys.argv[1])))
            """);

        var run = (await OctetTool.Run(
            sample.Root, "evaluate", "shapes.onnx", "--reference", "shapes.onnx", "--data", "test", "--samples", "5", "--preprocess", ShapesSample.Recipe, "--metric", "python3 count.py")).Succeeded();

        Assert.Contains("metric   count.py: 5.5 -> 5.5\n", run.Output, StringComparison.Ordinal);
    }
}
