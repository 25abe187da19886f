using System.Text.Json;

namespace Octet.Tests.Cli.Commands;

public sealed class QuantizeCommandTests : IDisposable
{
    private readonly ShapesSample sample = new();

    public void Dispose() => sample.Dispose();

    [Fact]
    public async Task Quantize_WithEvaluation_WritesModelAndReportAndTellsBoth()
    {
        var run = (await Quantize("--effort", "fast", "--evaluate", "test-labels.txt")).Succeeded();

        Assert.DoesNotContain('\u001b', run.Output + run.Error);
        Assert.DoesNotContain('\r', run.Output + run.Error);
        Assert.Matches(@"^shapes\.onnx to int8 \(static, target onnxruntime, 100 calibration samples\)\n", run.Output);
        Assert.Matches(@"\n  top-1 +98\.00 % -> 9\d\.\d\d % \(", run.Output);
        Assert.Matches(@"\n  report +out\.report\.json\n", run.Output);
        using var report = JsonDocument.Parse(await File.ReadAllBytesAsync(InSample("out.report.json")));
        var root = report.RootElement;
        Assert.Equal(new FileInfo(InSample("out.onnx")).Length, root.GetProperty("quantization").GetProperty("quantizedBytes").GetInt64());
        Assert.Equal(0.98, root.GetProperty("evaluation").GetProperty("classification").GetProperty("referenceTop1").GetDouble());
        Assert.InRange(root.GetProperty("evaluation").GetProperty("outputs")[0].GetProperty("sqnr").GetDouble(), 20, 60);
        Assert.True(root.GetProperty("latency").GetProperty("model").GetProperty("milliseconds").GetDouble() > 0);
    }

    [Fact]
    public async Task Quantize_WithJsonToStandardOutput_WritesNothingElseThere()
    {
        var run = (await Quantize("--effort", "fast", "--samples", "20", "--json", "-")).Succeeded();

        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(20, json.RootElement.GetProperty("quantization").GetProperty("samples").GetInt32());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("evaluation").ValueKind);
        Assert.Contains("shapes.onnx to int8", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(InSample("out.report.json")));
    }

    [Fact]
    public async Task Quantize_Quiet_TellsNothing()
    {
        var run = (await Quantize("--effort", "fast", "--samples", "20", "--verbosity", "quiet")).Succeeded();

        Assert.Equal("", run.Output + run.Error);
        Assert.True(File.Exists(InSample("out.onnx")));
    }

    [Fact]
    public async Task Quantize_WithSettingsOnly_GivesTheSameBytesAsTheCommandLine()
    {
        await File.WriteAllTextAsync(InSample("settings.json"), $$"""
            { "model": "shapes.onnx", "output": "settings.onnx", "data": "calibration", "preprocess": "{{ShapesSample.Recipe}}", "effort": "fast", "samples": 20, }
            """);

        (await OctetTool.Run(sample.Root, "quantize", "--settings", "settings.json")).Succeeded();
        (await Quantize("--effort", "fast", "--samples", "20", "--threads", "1")).Succeeded();

        Assert.Equal(await File.ReadAllBytesAsync(InSample("settings.onnx")), await File.ReadAllBytesAsync(InSample("out.onnx")));
    }

    /// <summary>The same ranges as from saved statistics; layers that name a method take its parameters, too; a settings file says the same.</summary>
    [Fact]
    public async Task Quantize_WithParametersOfAMethod_ObeysThem()
    {
        (await OctetTool.Run(sample.Root, "calibrate", "shapes.onnx", "--data", "calibration", "--preprocess", ShapesSample.Recipe, "-o", "stats.octs")).Succeeded();
        var solved = (await OctetTool.Run(sample.Root, "stats", "solve", "stats.octs", "--method", "percentile", "--param", "percentile=95", "--json", "-")).Succeeded();
        (await Quantize("--effort", "fast", "--method", "percentile", "--param", "percentile=95")).Succeeded();
        var scales = Scales(await File.ReadAllTextAsync(InSample("out.report.json")), "quantization");
        var expected = Scales(solved.Output, null);
        Assert.NotEmpty(scales);
        Assert.All(scales, s => Assert.Equal(expected[s.Key], s.Value));

        byte[] bytes = await File.ReadAllBytesAsync(InSample("out.onnx"));
        await File.WriteAllTextAsync(InSample("settings.json"), """{ "param": ["percentile=95"], "method": "percentile" }""");
        (await Quantize("--effort", "fast", "--settings", "settings.json")).Succeeded();
        Assert.Equal(bytes, await File.ReadAllBytesAsync(InSample("out.onnx")));
        (await Quantize("--effort", "fast", "--method", "percentile")).Succeeded();
        Assert.NotEqual(bytes, await File.ReadAllBytesAsync(InSample("out.onnx")));

        (await Quantize("--effort", "fast", "--method", "max", "--layer", "image: method=percentile", "--param", "percentile=95")).Succeeded();
        Assert.Equal(expected["image"], Scales(await File.ReadAllTextAsync(InSample("out.report.json")), "quantization")["image"]);
    }

    private static Dictionary<string, double> Scales(string json, string? part)
    {
        using var document = JsonDocument.Parse(json);
        var root = part is null ? document.RootElement : document.RootElement.GetProperty(part);
        return root.GetProperty("tensors").EnumerateArray()
            .Where(t => part is null || t.GetProperty("method").ValueKind != JsonValueKind.Null)
            .ToDictionary(t => t.GetProperty("name").GetString()!, t => t.GetProperty("scale").GetDouble());
    }

    [Theory]
    [InlineData("shapes.onnx", "--output")]
    [InlineData("calibration/../shapes.onnx", "--output")]
    [InlineData("test-labels.txt", "--json")]
    [InlineData("calibration/000.png", "--json")]
    [InlineData("settings.json", "--json")]
    public async Task Quantize_WhenAnInputWouldBeWrittenOver_Refuses(string path, string option)
    {
        await File.WriteAllTextAsync(InSample("settings.json"), "{}");
        byte[] before = await File.ReadAllBytesAsync(InSample(path));
        string[] output = option == "--output" ? [] : ["-o", "out.onnx"];

        var run = await OctetTool.Run(
            sample.Root, ["quantize", "shapes.onnx", "--data", "calibration", "--evaluate", "test-labels.txt", "--settings", "settings.json", option, path, .. output]);

        Assert.Contains("would write over an input", run.Failed(2, "OCT2001"), StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(InSample(path)));
        Assert.False(File.Exists(InSample("out.onnx")));
    }

    [Fact]
    public async Task Quantize_WhenTheEvaluationFails_WritesNothing()
    {
        await File.WriteAllTextAsync(InSample("wrong.txt"), "test/000.png 11\n");

        var run = await Quantize("--effort", "fast", "--samples", "20", "--evaluate", "wrong.txt");

        Assert.Contains("label 11", run.Failed(4, "OCT1020"), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(sample.Root, "out*"));
    }

    [Theory]
    [InlineData("--min-sqnr", "90", "the SQNR of output \"logits\" is ", "--min-sqnr asks for 90 dB")]
    [InlineData("--max-drop", "0.1", "top-1 fell by ", "--max-drop allows 0.1")]
    public async Task Quantize_WhenAGateIsMissed_EndsWith1AndWritesNothing(string gate, string value, string what, string asked)
    {
        // One scale a tensor is what this network cannot bear.
        var run = await Quantize("--effort", "fast", "--target", "generic", "--evaluate", "test-labels.txt", gate, value);

        string error = run.Failed(1, "OCT4001");
        Assert.Contains(what, error, StringComparison.Ordinal);
        Assert.Contains(asked, error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(sample.Root, "out*"));
    }

    [Fact]
    public async Task Quantize_WhenACalibrationPictureIsInTheTestList_Warns()
    {
        await File.WriteAllTextAsync(InSample("mixed.txt"), "test/001.png 1\ncalibration/007.png 7\n");

        var run = (await Quantize("--effort", "fast", "--evaluate", "mixed.txt")).Succeeded();

        Assert.Contains("warning OCT1209: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("007.png", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quantize_ToC_WritesAFolderWhoseModelRunsAlike()
    {
        var run = (await OctetTool.Run(sample.Root, "quantize", "shapes.onnx", "--data", "calibration", "--preprocess", ShapesSample.Recipe, "--effort", "fast", "--target", "fpga-int8", "--format", "c", "-o", "shapes_c")).Succeeded();
        Assert.Contains("shapes.c: ", run.Output, StringComparison.Ordinal);
        string folder = Path.Combine(sample.Root, "shapes_c");
        Assert.Equal(
            ["CMakeLists.txt", "Makefile", "shapes.c", "shapes.h", "shapes.onnx", "shapes.report.json", "shapes_test.c"],
            Directory.GetFiles(folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "shapes.report.json"))).RootElement.GetProperty("c");
        Assert.Equal("shapes", json.GetProperty("name").GetString());
        Assert.True(json.GetProperty("memoryBytes").GetInt64() > 0);
        (await OctetTool.Run(sample.Root, "run", "shapes_c/shapes.onnx", "--data", "test", "--preprocess", ShapesSample.Recipe, "--samples", "3", "-o", "y.npy")).Succeeded();
    }

    [Theory]
    [InlineData("has no effect without --format c", "-o", "q.onnx", "--arithmetic", "multiplier")]
    [InlineData("is a file, and C goes to a folder", "--format", "c", "-o", "shapes.onnx")]
    [InlineData("--form qoperator has no effect with --format c", "--format", "c", "-o", "c", "--form", "qoperator")]
    public async Task Quantize_ToCWithWrongOptions_SaysSoAndWritesNothing(string problem, params string[] options)
    {
        string[] before = Directory.GetFileSystemEntries(sample.Root);
        var run = await OctetTool.Run(sample.Root, ["quantize", "shapes.onnx", "--data", "calibration", "--preprocess", ShapesSample.Recipe, .. options]);
        Assert.Contains(problem, run.Failed(2, ErrorCodes.InvalidUsage), StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(sample.Root));
    }

    private string InSample(string name) => Path.Combine(sample.Root, name);

    private Task<ProcessRun> Quantize(params string[] options)
        => OctetTool.Run(sample.Root, ["quantize", "shapes.onnx", "--data", "calibration", "--preprocess", ShapesSample.Recipe, "-o", "out.onnx", .. options]);
}
