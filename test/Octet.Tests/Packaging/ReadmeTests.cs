using Octet.Data.Arrays;
using Octet.Numerics;
using Octet.Tests.Cli;

namespace Octet.Tests.Packaging;

public sealed class ReadmeTests
{
    [Fact]
    public void BothReadmes_ShowTheSameCode()
    {
        foreach (string language in new[] { "sh", "csharp", "" })
        {
            string[] english = Readme.Blocks(Readme.Files[0], language);
            Assert.NotEmpty(english);
            Assert.Equal(english, Readme.Blocks(Readme.Files[1], language));
        }
    }

    [Fact]
    public void SetUpCommands_AreWhatTheGateRuns()
    {
        string[] commands = [.. Readme.Blocks(Readme.Files[0], "sh").Select(b => b.TrimEnd())];
        Assert.Equal(["dotnet run -c Release --project src/Octet.Cli -- demo", "dotnet test -c Release"], commands);
        string gate = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, ".ci", "run"));
        Assert.All(commands, command => Assert.Contains(command, gate, StringComparison.Ordinal));
    }

    /// <summary>The embedded sample stands for the networks and data that the README speaks of.</summary>
    [Fact]
    public async Task Commands_WithTheEmbeddedSample_AllSucceed()
    {
        using var shapes = new ShapesSample();
        foreach (string name in new[] { "mobilenet.onnx", "bert.onnx", "llm.onnx", "net.onnx" })
        {
            File.Copy(shapes.ModelPath, Path.Combine(shapes.Root, name));
        }

        Directory.Move(shapes.CalibrationFolder, Path.Combine(shapes.Root, "photos"));
        File.WriteAllLines(Path.Combine(shapes.Root, "test", "labels.txt"), File.ReadLines(shapes.TestList).Take(50).Select(l => l["test/".Length..]));
        WriteArray(shapes, Path.Combine(shapes.Root, "x.npy"));
        MakeWorkingDirectory(shapes, Path.Combine(shapes.Root, "working"));

        string[] commands = [.. Readme.Blocks(Readme.Files[0], "").SelectMany(b => b.Split('\n')).Where(l => l.StartsWith("octet ", StringComparison.Ordinal))];
        Assert.True(commands.Length >= 7);
        foreach (string command in commands)
        {
            string[] words = command.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
            (await OctetTool.Run(shapes.Root, [.. words.Select(w => w == "imagenet" ? ShapesSample.Recipe : w)])).Succeeded();
        }
    }

    private static void MakeWorkingDirectory(ShapesSample shapes, string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        File.Copy(shapes.ModelPath, Path.Combine(folder, "model.onnx"));
        var source = shapes.Open(Path.Combine(shapes.Root, "photos"), samples: 20);
        for (int i = 0; i < source.Count; i++)
        {
            using var stream = File.Create(Path.Combine(folder, "data", $"{i}.npy"));
            NpyWriter.Write(stream, source.Load(i).Inputs.Values.Single());
        }
    }

    private static void WriteArray(ShapesSample shapes, string path)
    {
        var source = shapes.Open(Path.Combine(shapes.Root, "photos"), samples: 20);
        float[] rows = [.. Enumerable.Range(0, source.Count).SelectMany(i => source.Load(i).Inputs.Values.Single().ToFloats())];
        using var stream = File.Create(path);
        NpyWriter.Write(stream, Tensor.FromArray(rows, new Shape(source.Count, 3, 32, 32)));
    }
}
