using System.Text.Json;
using Octet.Data.Arrays;
using Octet.Formats.Onnx;

namespace Octet.Tests.Cli.Commands;

public sealed class RunCommandTests : IDisposable
{
    private static readonly string[] Data = ["--data", "test", "--preprocess", ShapesSample.Recipe, "--samples", "30"];

    private readonly ShapesSample sample = new();

    public void Dispose() => sample.Dispose();

    [Fact]
    public async Task Run_WithIntegersAndWithOnnxRuntime_GivesTheSameForPowersOfTwo()
    {
        (await OctetTool.Run(sample.Root, "quantize", "shapes.onnx", "--data", "calibration", "--preprocess", ShapesSample.Recipe, "--target", "fpga-int8", "--effort", "fast", "-o", "q.onnx")).Succeeded();
        var run = (await OctetTool.Run(sample.Root, ["run", "q.onnx", .. Data, "-o", "integer.npy", "--json", "-"])).Succeeded();
        (await OctetTool.Run(sample.Root, ["run", "q.onnx", .. Data, "-o", "float.npy", "--engine", "onnxruntime"])).Succeeded();

        var json = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal("shift", json.GetProperty("arithmetic").GetString());
        Assert.Equal(30, json.GetProperty("samples").GetInt32());
        var integer = NpyReader.Open(Path.Combine(sample.Root, "integer.npy")).ReadAll();
        Assert.Equal(30, integer.Shape[0]);
        Assert.Equal(NpyReader.Open(Path.Combine(sample.Root, "float.npy")).ReadAll().ToFloats(), integer.ToFloats());
    }

    [Fact]
    public async Task Run_WithAnArchive_NamesTheOutputs()
    {
        (await OctetTool.Run(sample.Root, ["run", "shapes.onnx", .. Data, "-o", "out.npz", "--threads", "2"])).Succeeded();
        (await OctetTool.Run(sample.Root, ["run", "shapes.onnx", .. Data, "-o", "one.npz", "--threads", "1"])).Succeeded();
        Assert.Equal(File.ReadAllBytes(Path.Combine(sample.Root, "one.npz")), File.ReadAllBytes(Path.Combine(sample.Root, "out.npz")));
        Assert.Equal(OnnxFormat.Read(sample.ModelPath).Graph.Outputs.Select(o => o.Name), NpzReader.Open(Path.Combine(sample.Root, "out.npz")).Select(a => a.Key));
    }

    [Theory]
    [InlineData("out.txt", "ends neither in .npy nor in .npz")]
    [InlineData("out.npy", "says nothing to ONNX Runtime", "--engine", "onnxruntime", "--arithmetic", "multiplier")]
    public async Task Run_WithWrongOptions_SaysSoAndWritesNothing(string output, string problem, params string[] more)
    {
        var run = await OctetTool.Run(sample.Root, ["run", "shapes.onnx", .. Data, "-o", output, .. more]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(problem, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(sample.Root, output)));
    }
}
