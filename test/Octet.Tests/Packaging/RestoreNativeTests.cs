namespace Octet.Tests.Packaging;

/// <summary>The target that restores the native parts, run on a copy of native/ so that nobody else's restore is touched.</summary>
[Trait("Category", "Packaging")]
public sealed class RestoreNativeTests : IDisposable
{
    private const string Project = "native/OnnxRuntime/Microsoft.ML.OnnxRuntime.csproj";

    private readonly TemporaryFolder folder = new();

    public RestoreNativeTests()
    {
        foreach (var name in (string[])["package.json", "package-lock.json"])
        {
            File.Copy(Path.Combine(SharedData.RepositoryRoot, "native", name), folder[name]);
        }
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Build_WithoutNpm_EndsWithOneErrorThatSaysWhatToInstall()
    {
        // An npm that fails stands for none, on any system and wherever the real one lies.
        var bin = Directory.CreateDirectory(folder["bin"]).FullName;
        foreach (var (name, text) in (ReadOnlySpan<(string, string)>)[("npm", "#!/bin/sh\nexit 127\n"), ("npm.cmd", "@exit /b 127\r\n")])
        {
            File.WriteAllText(Path.Combine(bin, name), text);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(Path.Combine(bin, name), UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }
        }

        var path = bin + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        var run = await Restore(new Dictionary<string, string?> { ["PATH"] = path });

        Assert.Equal(1, run.ExitCode);
        var error = Assert.Single(run.Output.Split('\n').Where(line => line.Contains("error", StringComparison.Ordinal)).Select(line => line.Trim()).Distinct());
        Assert.Contains("error OCTET0001: npm was not found", error, StringComparison.Ordinal);
        Assert.Contains("install Node.js with npm", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["node_modules"]));
    }

    [Fact]
    public async Task Build_WhileNothingChanged_DoesNotRunNpm()
    {
        Directory.CreateDirectory(folder["node_modules"]);
        await File.WriteAllTextAsync(folder["node_modules/.package-lock.json"], "{}");
        File.SetLastWriteTimeUtc(folder["package-lock.json"], DateTime.UtcNow.AddHours(-1));

        (await Restore()).Succeeded();

        Assert.Equal([".package-lock.json"], Directory.EnumerateFileSystemEntries(folder["node_modules"]).Select(Path.GetFileName));
    }

    private Task<ProcessRun> Restore(IReadOnlyDictionary<string, string?>? environment = null) =>
        ProcessRun.OfDotnet(["msbuild", Project, "-t:RestoreNative", $"-p:NativeRoot={folder.Path}{Path.DirectorySeparatorChar}", "-nologo", "-v:m", "-tl:off"], null, environment);
}
