using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Octet.Analysis;
using Octet.Data.Arrays;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Tests.Cli;

/// <summary>Ctrl-C at moments of long work: on Windows, where there is no such signal, nothing is tested.</summary>
public sealed class InterruptTests : IDisposable
{
    private const int Layers = 12;
    private const int Channels = 40;
    private const int Size = 48;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task BeforeThereIsAnythingToKeep_NothingIsWritten()
    {
        using var sample = new ShapesSample();

        // Every picture some hundred times.
        string list = string.Concat(Enumerable.Range(0, 60_000).Select(i => Path.Combine(sample.CalibrationFolder, $"{i % 100:000}.png\n")));
        await File.WriteAllTextAsync(folder["long.txt"], list);

        AssertNothingWritten(await Interrupted("", 1, sample.ModelPath, "--data", "long.txt", "--preprocess", ShapesSample.Recipe, "--effort", "high"));
    }

    [Fact]
    public async Task DuringASearch_TheBestUntilThenIsWritten()
    {
        WriteDeepNet();

        var (status, lines) = await Interrupted("search", 1, "deep.onnx", "--data", "x.npy", "--effort", "high");

        Assert.True(status is 0 or null, string.Join('\n', lines));
        if (status is null)
        {
            return;
        }

        Assert.Contains(lines, l => l.StartsWith("The search ends here", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("warning OCT4114: ", StringComparison.Ordinal));
        using var report = JsonDocument.Parse(await File.ReadAllBytesAsync(folder["out.report.json"]));
        string? cutShort = report.RootElement.GetProperty("quantization").GetProperty("searchCutShort").GetString();
        Assert.NotNull(cutShort);
        Assert.Equal(cutShort, Manifest.Of(OnnxFormat.Read(folder["out.onnx"]))!.SearchCutShort);
    }

    [Fact]
    public async Task DuringASearchTwice_NothingIsWritten()
    {
        WriteDeepNet();

        AssertNothingWritten(await Interrupted("search", 2, "deep.onnx", "--data", "x.npy", "--effort", "high"));
    }

    private void AssertNothingWritten((int? Status, string[] Lines) run)
    {
        if (run.Status is { } status)
        {
            Assert.Equal("Interrupted; nothing was written.", run.Lines[^1]);
            Assert.Equal(130, status);
            Assert.Empty(Directory.EnumerateFiles(folder.Path, "*out*"));
        }
    }

    // Interrupts the tool when its progress tells a phase; the second time when it has said that the search ends. Null on Windows.
    private async Task<(int? Status, string[] Lines)> Interrupted(string phase, int times, params string[] arguments)
    {
        if (OperatingSystem.IsWindows())
        {
            return (null, []);
        }

        // A shell may have started the tests with the signal ignored, which children inherit.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", OctetTool.Path, "quantize", .. arguments, "-o", "out.onnx"])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        List<string> lines = [];
        int sent = 0;
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            if (sent < times && Regex.IsMatch(line, sent == 0 ? $"^ *[0-9]+ % {phase}" : "^The search ends here"))
            {
                sent++;
                (await ProcessRun.Of("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)])).Succeeded();
            }
        }

        await process.WaitForExitAsync();
        Assert.True(sent == times, $"{await output}\n{string.Join('\n', lines)}");
        return (process.ExitCode, [.. lines]);
    }

    // Convolutions enough for a search of a minute, whose progress is told every ten seconds.
    private void WriteDeepNet()
    {
        var random = new Random(5);
        var graph = new Graph("deep");
        var x = graph.AddInput("x", new TensorType(ElementType.Float32, [new Dimension(null, "N"), new Dimension(Channels, null), new Dimension(Size, null), new Dimension(Size, null)]));
        var value = x;
        for (int i = 0; i < Layers; i++)
        {
            float[] weights = [.. Enumerable.Range(0, Channels * Channels * 9).Select(_ => 0.2f * (random.NextSingle() - 0.5f))];
            value = graph.Add("Conv", [value, graph.AddConstant($"w{i}", Tensor.FromArray(weights, new Shape(Channels, Channels, 3, 3)))], $"c{i}");
            value.Producer!.SetAttribute("pads", new AttributeValue.Ints([1, 1, 1, 1]));
            value = graph.Add("Relu", [value], $"r{i}");
        }

        graph.AddOutput(value);
        OnnxFormat.Write(new Model(graph) { Opsets = { [string.Empty] = 13 } }, folder["deep.onnx"]);
        float[] values = [.. Enumerable.Range(0, 64 * Channels * Size * Size).Select(_ => random.NextSingle())];
        using var stream = File.Create(folder["x.npy"]);
        NpyWriter.Write(stream, Tensor.FromArray(values, new Shape(64, Channels, Size, Size)));
    }
}
