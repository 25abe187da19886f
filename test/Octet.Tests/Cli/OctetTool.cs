namespace Octet.Tests.Cli;

/// <summary>The built tool, run as a user runs it, with its output redirected.</summary>
internal static class OctetTool
{
    /// <summary>Where the build put it.</summary>
    public static string Path { get; } = System.IO.Path.Combine(
        SharedData.RepositoryRoot, "artifacts", "bin", "Octet.Cli", new DirectoryInfo(AppContext.BaseDirectory).Name, OperatingSystem.IsWindows() ? "octet.exe" : "octet");

    /// <summary>Runs it to its end.</summary>
    /// <param name="folder">Its working folder.</param>
    /// <param name="arguments">The words after its name.</param>
    public static Task<ProcessRun> Run(string folder, params string[] arguments) => ProcessRun.Of(Path, arguments, folder);

    /// <summary>Checks that a run ended with a coded error and an exit status, and wrote nothing to standard output.</summary>
    /// <returns>What it wrote to standard error.</returns>
    public static string Failed(this ProcessRun run, int status, string code)
    {
        Assert.True(run.ExitCode == status, $"exit status {run.ExitCode} instead of {status}\n{run.Output}\n{run.Error}");
        Assert.Contains("\n" + code + ": ", "\n" + run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
        return run.Error;
    }
}
