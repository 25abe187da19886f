using System.IO.Compression;

namespace Octet.Tests.Packaging;

/// <summary>Packs what the test run built, and uses the packages as a user would. One class, so that never two builds run at a time, and alone, since a build writes the files of the command that other tests run.</summary>
[Trait("Category", "Packaging")]
[Collection(nameof(PackagesTests))]
[CollectionDefinition(nameof(PackagesTests), DisableParallelization = true)]
public sealed class PackagesTests : IDisposable
{
    // A version that no cache on this machine can hold.
    private const string Version = "0.0.0-test";

    private readonly TemporaryFolder folder = new();

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Name == "debug" ? "Debug" : "Release";

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task ToolPackage_InstalledFromAFolder_RunsAndFindsItsNativeFiles()
    {
        await Pack("src/Octet.Cli");
        (await ProcessRun.OfDotnet(["tool", "install", "Octet.Cli", "--tool-path", folder["tools"], "--source", folder["packages"], "--version", Version])).Succeeded();

        var tool = folder[Path.Combine("tools", OperatingSystem.IsWindows() ? "octet.exe" : "octet")];
        var run = (await ProcessRun.Of(tool, ["--version"], folder.Path)).Succeeded();

        Assert.Matches(@"^\d+\.\d+\.\d+", run.Output);
        var native = Directory.EnumerateFiles(folder["tools"], "*", SearchOption.AllDirectories).Select(Path.GetFileName).ToArray();
        Assert.Contains(native, name => name!.Contains("onnxruntime", StringComparison.Ordinal));
        Assert.Contains(native, name => name!.Contains("vips", StringComparison.Ordinal));
        Assert.Single(Directory.EnumerateFiles(folder["tools"], "quantize.schema.json", SearchOption.AllDirectories));

        // The demo needs both libraries.
        var demo = (await ProcessRun.Of(tool, ["demo"], folder.Path, new Dictionary<string, string?> { ["TMPDIR"] = folder.Path, ["TMP"] = folder.Path })).Succeeded();
        Assert.Matches(@"top-1 +98\.00 % -> 9\d\.", demo.Output);
    }

    [Fact]
    public async Task LibraryPackage_InAConsumersProgram_RunsTheReadmesExample()
    {
        await Pack("src/Octet");
        using (var package = await ZipFile.OpenReadAsync(Directory.GetFiles(folder["packages"]).Single()))
        {
            var entries = package.Entries.Select(entry => entry.FullName).ToArray();
            Assert.Contains("lib/net10.0/Octet.dll", entries);
            Assert.Contains("lib/net10.0/Octet.xml", entries);
            Assert.Contains("lib/net10.0/Microsoft.ML.OnnxRuntime.dll", entries);
            Assert.All(["linux-x64", "osx-arm64", "win-x64", "win-arm64"], rid => Assert.Contains(entries, entry => entry.StartsWith($"runtimes/{rid}/native/", StringComparison.Ordinal) && entry.Contains("onnxruntime", StringComparison.Ordinal)));
            Assert.Contains("licenses/onnxruntime/LICENSE", entries);
        }

        var consumer = Directory.CreateDirectory(folder["consumer"]).FullName;
        await File.WriteAllTextAsync(Path.Combine(consumer, "consumer.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <RestorePackagesPath>{folder["restored"]}</RestorePackagesPath>
                <RestoreFallbackFolders>{PackageCache()}</RestoreFallbackFolders>
                <RestoreAdditionalProjectSources>{folder["packages"]}</RestoreAdditionalProjectSources>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Octet" Version="{Version}" />
              </ItemGroup>
            </Project>
            """);
        using var shapes = new ShapesSample();
        File.Copy(shapes.ModelPath, Path.Combine(consumer, "model.onnx"));
        Directory.Move(shapes.CalibrationFolder, Path.Combine(consumer, "photos"));
        string example = Assert.Single(Readme.Blocks(Readme.Files[0], "csharp"));
        Assert.Contains("\"imagenet\"", example, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(consumer, "Program.cs"), example.Replace("imagenet", ShapesSample.Recipe, StringComparison.Ordinal));

        (await ProcessRun.OfDotnet(["run", "-c", "Release", "--project", "."], consumer, new Dictionary<string, string?> { ["CI"] = null })).Succeeded();

        Assert.Contains(Octet.Formats.Onnx.OnnxFormat.Read(Path.Combine(consumer, "model.int8.onnx")).Graph.Nodes, n => n.Is("QuantizeLinear"));
    }

    private static string PackageCache() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private async Task Pack(string project) =>
        (await ProcessRun.OfDotnet(["pack", project, "-c", Configuration, "-o", folder["packages"], $"-p:PackageVersion={Version}"])).Succeeded();
}
