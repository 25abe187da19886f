using System.Text.Json;
using Octet.Data.Arrays;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Tests.Cli.Commands;

public sealed class CalibrateCommandTests : IDisposable
{
    private readonly ShapesSample sample = new();

    public void Dispose() => sample.Dispose();

    [Fact]
    public async Task Calibrate_ThenSolveAndQuantize_GivesTheRangesOfTheQuantizedModel()
    {
        await Calibrate("stats.octs");
        using var solved = JsonDocument.Parse((await Run("stats", "solve", "stats.octs", "--method", "max", "--json", "-")).Succeeded().Output);
        var tensors = solved.RootElement.GetProperty("tensors").EnumerateArray().ToDictionary(t => t.GetProperty("name").GetString()!);
        (await Run("quantize", "shapes.onnx", "--statistics", "stats.octs", "--method", "max", "-o", "q.onnx", "--json", "q.json")).Succeeded();
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(sample.Root, "q.json")));
        var quantized = report.RootElement.GetProperty("quantization").GetProperty("tensors").EnumerateArray().Where(t => t.GetProperty("method").ValueKind == JsonValueKind.String).ToArray();
        Assert.NotEmpty(quantized);
        Assert.All(quantized.Where(t => tensors.ContainsKey(t.GetProperty("name").GetString()!)), t =>
        {
            var own = tensors[t.GetProperty("name").GetString()!];
            Assert.True(own.GetProperty("count").GetInt64() > 0);
            Assert.Equal(own.GetProperty("min").GetSingle(), t.GetProperty("min").GetSingle());
            Assert.Equal(own.GetProperty("rangeMax").GetSingle(), Math.Max(0, t.GetProperty("max").GetSingle()));
        });
    }

    [Fact]
    public async Task Shards_Merged_AreTheFileOfOneRun()
    {
        await Calibrate("whole.octs");
        foreach (int k in new[] { 1, 2, 3 })
        {
            await Calibrate($"part{k}.octs", "--shard", $"{k}/3", "--threads", $"{k}");
        }

        (await Run("stats", "merge", "part3.octs", "part1.octs", "part2.octs", "-o", "merged.octs")).Succeeded();
        Assert.Equal(Bytes("whole.octs"), Bytes("merged.octs"));
        var twice = await Run("stats", "merge", "part1.octs", "part1.octs", "part2.octs", "-o", "twice.octs");
        Assert.Equal(0, twice.ExitCode);
        Assert.NotEqual(Bytes("whole.octs"), Bytes("twice.octs"));
        (await Run("stats", "merge", "merged.octs", "part2.octs", "-o", "no.octs")).Failed(2, ErrorCodes.StatisticsStranger);
        Assert.False(File.Exists(Path.Combine(sample.Root, "no.octs")));
    }

    [Fact]
    public async Task Show_PlotsEveryTensor()
    {
        await Calibrate("stats.octs");
        var shown = (await Run("stats", "show", "stats.octs")).Succeeded().Output;
        Assert.Contains("█", shown, StringComparison.Ordinal);
        Assert.Contains("float weights", shown, StringComparison.Ordinal);
        using var json = JsonDocument.Parse((await Run("stats", "show", "stats.octs", "--json", "-")).Succeeded().Output);
        foreach (var tensor in json.RootElement.GetProperty("tensors").EnumerateArray())
        {
            double counted = tensor.GetProperty("histogram").EnumerateArray().Sum(c => c.GetDouble());
            Assert.Equal(tensor.GetProperty("count").GetInt64(), counted, 1.0);
        }

        string name = json.RootElement.GetProperty("tensors")[0].GetProperty("name").GetString()!;
        Assert.Contains("####", (await Run("stats", "show", "stats.octs", "--tensor", name)).Succeeded().Output, StringComparison.Ordinal);
        (await Run("stats", "show", "stats.octs", "--tensor", name + "x")).Failed(2, ErrorCodes.UnknownName);
    }

    [Fact]
    public async Task Diff_OfTestSamples_IsAlike_AndOfDarkenedOnesUnlike()
    {
        await Calibrate("stats.octs");
        (await Run("calibrate", "shapes.onnx", "--data", "test", "--preprocess", ShapesSample.Recipe, "-o", "test.octs")).Succeeded();
        (await Run("calibrate", "shapes.onnx", "--data", "test", "--preprocess", "rgb,scale=.25/255,mean=.42:.40:.38,std=.25:.22:.20", "-o", "dark.octs")).Succeeded();
        Assert.Contains("alike at all", (await Run("stats", "diff", "stats.octs", "test.octs")).Succeeded().Output, StringComparison.Ordinal);
        using var dark = JsonDocument.Parse((await Run("stats", "diff", "stats.octs", "dark.octs", "--json", "-")).Succeeded().Output);
        Assert.True(dark.RootElement.GetProperty("unlike").GetInt32() > dark.RootElement.GetProperty("tensors").GetArrayLength() / 2);
        Assert.Contains(ErrorCodes.DataUnlike, (await Run("stats", "advise", "stats.octs", "--evaluation", "dark.octs")).Succeeded().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calibrate_WithBadOptions_TellsAllAtOnce()
    {
        var run = await Run("calibrate", "shapes.onnx", "-o", "x.bin", "--shard", "4/3", "--memory-limit", "3MB");
        string error = run.Failed(2, ErrorCodes.InvalidUsage);
        Assert.Contains("--shard takes", error, StringComparison.Ordinal);
        Assert.Contains("--memory-limit takes", error, StringComparison.Ordinal);
        (await Run("stats", "merge", "-o", "x.octs")).Failed(2, ErrorCodes.InvalidUsage);
        (await Run("stats", "solve", "shapes.onnx", "--method", "max")).Failed(2, ErrorCodes.StatisticsMalformed);
        (await Run("quantize", "shapes.onnx", "--statistics", "shapes.onnx", "--effort", "normal", "-o", "q.onnx")).Failed(2, ErrorCodes.InvalidUsage);
    }

    /// <summary>Fourteen tensors of 16 MB that would take 470 MB on two threads, beside what everything else takes.</summary>
    [Fact]
    public async Task Calibrate_WithAMemoryLimit_KeepsIt_AndGivesTheSameBytes()
    {
        WriteWideModel(Path.Combine(sample.Root, "wide.onnx"));
        string[] usual = ["calibrate", "wide.onnx", "--data", "wide.npy", "--threads", "2", "--json", "-"];
        using var free = JsonDocument.Parse((await Run([.. usual, "-o", "free.octs"])).Succeeded().Output);
        using var limited = JsonDocument.Parse((await Run([.. usual, "-o", "limited.octs", "--memory-limit", "350MB"])).Succeeded().Output);
        Assert.True(limited.RootElement.GetProperty("sweeps").GetInt32() > free.RootElement.GetProperty("sweeps").GetInt32());
        Assert.InRange(limited.RootElement.GetProperty("peakBytes").GetInt64(), 1, 350_000_000);
        Assert.True(free.RootElement.GetProperty("peakBytes").GetInt64() > 450_000_000);
        Assert.Equal(Bytes("free.octs"), Bytes("limited.octs"));
        (await Run([.. usual, "-o", "never.octs", "--memory-limit", "60MB"])).Failed(2, ErrorCodes.MemoryLimitTooSmall);
    }

    private void WriteWideModel(string path)
    {
        var random = new Random(1);
        var graph = new Graph("wide");
        var value = graph.AddInput("x", Floats(1, 1, 512, 512));
        for (int layer = 0; layer < 14; layer++)
        {
            int channels = layer == 0 ? 1 : 16;
            var weights = graph.AddConstant($"w{layer}", Tensor.FromArray([.. Enumerable.Range(0, 16 * channels).Select(_ => random.NextSingle() - 0.45f)], new Shape(16, channels, 1, 1)));
            value = graph.Add("Conv", [value, weights], $"c{layer}");
            value = graph.Add("Relu", [value], $"r{layer}");
        }

        value = graph.Add("GlobalAveragePool", [value], "y");
        value.Type = Floats(1, 16, 1, 1);
        graph.AddOutput(value);
        var model = new Model(graph);
        model.Opsets[string.Empty] = 17;
        OnnxFormat.Write(model, path);
        using var stream = File.Create(Path.Combine(sample.Root, "wide.npy"));
        NpyWriter.Write(stream, Tensor.FromArray([.. Enumerable.Range(0, 4 * 512 * 512).Select(_ => random.NextSingle())], new Shape(4, 1, 512, 512)));
    }

    private static TensorType Floats(params long[] dimensions) => new(ElementType.Float32, [.. dimensions.Select(d => new Dimension(d, null))]);

    private byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(sample.Root, name));

    private async Task Calibrate(string output, params string[] more)
        => (await Run(["calibrate", "shapes.onnx", "--data", "calibration", "--preprocess", ShapesSample.Recipe, "-o", output, .. more])).Succeeded();

    private Task<ProcessRun> Run(params string[] words) => OctetTool.Run(sample.Root, words);
}
