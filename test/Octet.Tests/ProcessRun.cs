using System.Diagnostics;

namespace Octet.Tests;

/// <summary>A program that has run to its end.</summary>
/// <param name="ExitCode">Its exit status.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Error">What it wrote to standard error.</param>
internal sealed record ProcessRun(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a program and waits for it.</summary>
    /// <param name="program">A path, or a name to look for in PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Its working folder; the repository's root by default.</param>
    /// <param name="environment">Variables to set, or with null to remove.</param>
    public static async Task<ProcessRun> Of(
        string program, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder ?? SharedData.RepositoryRoot,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new ProcessRun(process.ExitCode, await output, await error);
    }

    /// <summary>Runs dotnet, whose own variables (set by the test run around us) are not handed on.</summary>
    public static Task<ProcessRun> OfDotnet(string[] arguments, string? folder = null, IReadOnlyDictionary<string, string?>? environment = null) =>
        Of(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", arguments, folder, new Dictionary<string, string?>(environment ?? new Dictionary<string, string?>())
        {
            ["MSBUILD_EXE_PATH"] = null,
            ["MSBuildSDKsPath"] = null,
            ["MSBuildExtensionsPath"] = null,
            ["MSBUILDDISABLENODEREUSE"] = "1",
        });

    /// <summary>This run, where it ended with 0; a test failure with its output where not.</summary>
    public ProcessRun Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit status {ExitCode}\n{Output}\n{Error}");
        return this;
    }
}
