using Octet.Formats.Onnx;

namespace Octet.Tests.Samples;

/// <summary>The sample program runs as its first lines say.</summary>
public class StreamingTests
{
    private static readonly string Program = Path.Combine(
        SharedData.RepositoryRoot, "artifacts", "bin", "Streaming", new DirectoryInfo(AppContext.BaseDirectory).Name, OperatingSystem.IsWindows() ? "Streaming.exe" : "Streaming");

    [Fact]
    public async Task Streaming_WhenFramesComeFromFiles_WritesTheIntegerModel()
    {
        using var shapes = new ShapesSample();
        string frames = Directory.CreateDirectory(Path.Combine(shapes.Root, "frames")).FullName;
        var pictures = shapes.Open(shapes.CalibrationList, "rgb", 20);
        for (int i = 0; i < pictures.Count; i++)
        {
            float[] planes = pictures.Load(i).Inputs["image"].ToFloats();
            int pixels = planes.Length / 3;
            File.WriteAllBytes(Path.Combine(frames, $"{i:D2}.rgb"), [.. Enumerable.Range(0, planes.Length).Select(k => (byte)planes[k % 3 * pixels + k / 3])]);
        }

        string output = Path.Combine(shapes.Root, "q.onnx");
        var run = (await ProcessRun.Of(Program, [shapes.ModelPath, frames, output], shapes.Root)).Succeeded();

        Assert.Contains("calibrated with 20 frames", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("OCT", run.Output, StringComparison.Ordinal);
        Assert.Contains(OnnxFormat.Read(output).Graph.Nodes, n => n.OpType == "QuantizeLinear");
    }

    [Fact]
    public async Task Streaming_WhenThereAreNoFrames_TellsTheCodedError()
    {
        using var shapes = new ShapesSample();
        var run = await ProcessRun.Of(Program, [shapes.ModelPath, shapes.CalibrationFolder, Path.Combine(shapes.Root, "q.onnx")], shapes.Root);

        Assert.Equal(4, run.ExitCode);
        Assert.StartsWith(ErrorCodes.DataEmpty, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(shapes.Root, "q.onnx")));
    }
}
