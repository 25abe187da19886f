using System.Text.Json;

namespace Octet.Tests.Cli.Commands;

public sealed class AnalyzeCommandTests : IDisposable
{
    private readonly ShapesSample sample = new();

    public void Dispose() => sample.Dispose();

    [Fact]
    public async Task Analyze_TheSample_TellsEveryLayerTheWorstFirst()
    {
        var run = (await OctetTool.Run(
            sample.Root, "analyze", "shapes.onnx", "--data", "calibration", "--preprocess", ShapesSample.Recipe, "--json", "r.json", "--html", "r.html", "--verbosity", "detailed")).Succeeded();

        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(sample.Root, "r.json")));
        var analysis = json.RootElement.GetProperty("analysis");
        var layers = analysis.GetProperty("layers").EnumerateArray().ToArray();
        Assert.NotEmpty(layers);
        Assert.All(layers, l => Assert.InRange(l.GetProperty("alone").GetProperty("sqnr").GetDouble(), 20, 80));
        Assert.Empty(analysis.GetProperty("warnings").EnumerateArray());
        string worst = layers.MinBy(l => l.GetProperty("atOutputs").GetDouble()).GetProperty("name").GetString()!;
        string[] lines = run.Output.Split('\n');
        int heading = Array.FindIndex(lines, l => l.StartsWith("Layers, the worst first", StringComparison.Ordinal));
        Assert.StartsWith("  " + worst + " ", lines[heading + 3], StringComparison.Ordinal);
        Assert.Contains("Parameters, the largest range first", run.Output, StringComparison.Ordinal);
        Assert.Contains("<svg", await File.ReadAllTextAsync(Path.Combine(sample.Root, "r.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Analyze_OnAnyNumberOfThreads_GivesTheSameReport()
    {
        var reports = new List<string>();
        foreach (string threads in new[] { "1", "3" })
        {
            var run = (await OctetTool.Run(
                sample.Root, "analyze", "shapes.onnx", "--data", "calibration", "--samples", "12", "--preprocess", ShapesSample.Recipe, "--threads", threads, "--json", "-")).Succeeded();
            reports.Add(run.Output[..run.Output.IndexOf("\"phases\"", StringComparison.Ordinal)]);
        }

        Assert.Equal(reports[0], reports[1]);
    }

    [Fact]
    public async Task Analyze_AQuantizedModelAgainstItsReference_TellsEveryTensor()
    {
        (await OctetTool.Run(sample.Root, "quantize", "shapes.onnx", "--data", "calibration", "--preprocess", ShapesSample.Recipe, "--effort", "fast", "-o", "q.onnx")).Succeeded();
        string[] words = ["analyze", "q.onnx", "--reference", "shapes.onnx", "--data", "calibration", "--preprocess", ShapesSample.Recipe, "--json", "r.json"];

        var run = (await OctetTool.Run(sample.Root, words)).Succeeded();

        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(sample.Root, "r.json")));
        var comparison = json.RootElement.GetProperty("comparison");
        var tensors = comparison.GetProperty("tensors").EnumerateArray().ToArray();
        string worst = tensors.MinBy(t => t.GetProperty("alone").GetProperty("sqnr").GetDouble()).GetProperty("layer").GetString()!;
        Assert.Contains("\n  " + worst + " ", run.Output, StringComparison.Ordinal);
        Assert.InRange(comparison.GetProperty("sqnr").GetDouble(), 15, 60);
        (await OctetTool.Run(sample.Root, [.. words, "--method", "kl"])).Failed(2, "OCT2001");
        (await OctetTool.Run(sample.Root, [.. words[..^2], "--json", "shapes.onnx"])).Failed(2, "OCT2001");
    }

    [Fact]
    public async Task Analyze_WithThePlanOfAReport_MeasuresThatQuantization()
    {
        string[] data = ["--data", "calibration", "--samples", "20", "--preprocess", ShapesSample.Recipe, "--effort", "fast"];
        (await OctetTool.Run(sample.Root, ["quantize", "shapes.onnx", .. data, "--method", "kl", "-o", "q.onnx"])).Succeeded();

        (await OctetTool.Run(sample.Root, ["analyze", "shapes.onnx", .. data, "--plan", "q.report.json", "--json", "plan.json"])).Succeeded();
        (await OctetTool.Run(sample.Root, ["analyze", "shapes.onnx", .. data, "--method", "kl", "--json", "kl.json"])).Succeeded();
        (await OctetTool.Run(sample.Root, ["quantize", "shapes.onnx", .. data, "--plan", "q.report.json", "-o", "again.onnx"])).Succeeded();

        string Layers(string file)
        {
            using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(sample.Root, file)));
            return json.RootElement.GetProperty("analysis").GetProperty("layers").GetRawText();
        }

        Assert.Equal(Layers("kl.json"), Layers("plan.json"));
        (await OctetTool.Run(sample.Root, ["analyze", "shapes.onnx", .. data, "--plan", "q.report.json", "--method", "kl"])).Failed(2, "OCT2001");
        (await OctetTool.Run(sample.Root, ["analyze", "shapes.onnx", .. data, "--plan", "shapes.onnx"])).Failed(2, "OCT2305");
        (await OctetTool.Run(sample.Root, ["quantize", "shapes.onnx", .. data, "--plan", "q.report.json", "-o", "q.onnx"])).Failed(2, "OCT2001");
    }

    [Fact]
    public async Task Analyze_WithoutData_SaysSo()
        => (await OctetTool.Run(sample.Root, "analyze", "shapes.onnx")).Failed(2, "OCT2001");
}
