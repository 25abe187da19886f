using Octet.Data.Arrays;
using Octet.Formats.Onnx;
using Octet.Numerics;

namespace Octet.Tests.Samples;

/// <summary>The sample program of PPQ's flow runs as its first lines say.</summary>
public class PpqFpgaTests
{
    private static readonly string Program = Path.Combine(
        SharedData.RepositoryRoot, "artifacts", "bin", "PpqFpga", new DirectoryInfo(AppContext.BaseDirectory).Name, OperatingSystem.IsWindows() ? "PpqFpga.exe" : "PpqFpga");

    [Fact]
    public async Task PpqFpga_InAWorkingDirectory_WritesIntegersWithPowersOfTwo()
    {
        using var shapes = new ShapesSample();
        string working = Directory.CreateDirectory(Path.Combine(shapes.Root, "working")).FullName;
        Directory.CreateDirectory(Path.Combine(working, "data"));
        File.Copy(shapes.ModelPath, Path.Combine(working, "model.onnx"));
        var pictures = shapes.Open(shapes.CalibrationFolder, samples: 20);
        for (int i = 0; i < pictures.Count; i++)
        {
            using var stream = File.Create(Path.Combine(working, "data", $"{i}.npy"));
            NpyWriter.Write(stream, pictures.Load(i).Inputs.Values.Single());
        }

        var run = (await ProcessRun.Of(Program, [working, "8", "dump"], shapes.Root)).Succeeded();
        Assert.Contains("| NOISE:SIGNAL POWER RATIO", run.Output, StringComparison.Ordinal);
        var constants = OnnxFormat.Read(Path.Combine(working, "quantized.onnx")).Graph.Constants.ToArray();
        Assert.Contains(constants, c => c.Constant!.Type == ElementType.Int8 && c.Constant.Shape.Rank == 4);
        var scales = constants.Where(c => c.Name.EndsWith("_scale", StringComparison.Ordinal)).SelectMany(c => c.Constant!.ToFloats()).ToArray();
        Assert.NotEmpty(scales);
        Assert.All(scales, s => Assert.Equal(PowerOfTwo.AtLeast(s), s));
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(working, "outputs")).Length);
    }

    [Fact]
    public async Task PpqFpga_WithoutAModel_TellsTheCodedError()
    {
        using var shapes = new ShapesSample();
        var run = await ProcessRun.Of(Program, [shapes.Root], shapes.Root);
        Assert.Equal(3, run.ExitCode);
        Assert.StartsWith(ErrorCodes.ModelNotReadable, run.Error, StringComparison.Ordinal);
    }
}
