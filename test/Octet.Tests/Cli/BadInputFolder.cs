namespace Octet.Tests.Cli;

/// <summary>Runs the built tool on bad input in a folder of its own, which begins with a good model and good samples.</summary>
public abstract class BadInputFolder : IDisposable
{
    /// <summary>The options that a good run would have; cases change one thing.</summary>
    public const string Data = "--data calibration --preprocess " + ShapesSample.Recipe;

    private readonly ShapesSample shapes = new();
    private readonly TemporaryFolder aside = new();
    private int runs;

    /// <summary>Where the model (shapes.onnx), the samples (calibration/, calibration-labels.txt) and the bad files lie.</summary>
    protected string Root => shapes.Root;

    /// <summary>Runs a command line with the folder as its place.</summary>
    /// <param name="commandLine">Words between blanks; OUT stands for a new empty folder.</param>
    /// <param name="code">The code of the first error told; it tells the exit status, too.</param>
    /// <param name="parts">What the error says besides, between bars.</param>
    internal async Task Refuses(string commandLine, string code, string parts)
    {
        string number = Interlocked.Increment(ref runs).ToString(System.Globalization.CultureInfo.InvariantCulture);
        string output = Directory.CreateDirectory(aside["out" + number]).FullName;
        string temporary = Directory.CreateDirectory(aside["tmp" + number]).FullName;
        string[] before = Listing();

        var run = await ProcessRun.Of(
            OctetTool.Path,
            commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => w.Replace("OUT", output, StringComparison.Ordinal)),
            Root,
            new Dictionary<string, string?> { ["TMPDIR"] = temporary, ["DOTNET_EnableDiagnostics"] = "0", ["LC_ALL"] = "de_DE.UTF-8" });

        string told = $"octet {commandLine}\nexit status {run.ExitCode}\n{run.Output}\n{run.Error}";

        // On a busy machine progress may come before.
        Assert.True(run.Error.Split('\n').FirstOrDefault(line => !line.StartsWith(' '))?.StartsWith(code + ": ", StringComparison.Ordinal), told);
        Assert.True(ErrorCodes.ExitStatusOf(code) == run.ExitCode, told);
        Assert.All(parts.Split('|'), part => Assert.True(run.Error.Contains(part, StringComparison.Ordinal), $"\"{part}\" is missing in\n{told}"));
        Assert.True(run.Output.Length == 0, told);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(output));
        Assert.Empty(Directory.EnumerateFileSystemEntries(temporary));
        Assert.Equal(before, Listing());
    }

    public void Dispose()
    {
        shapes.Dispose();
        aside.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A file in the folder.</summary>
    protected void Write(string name, byte[] bytes)
    {
        string path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>A text file in the folder.</summary>
    protected void Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    private string[] Listing() => [.. Directory.EnumerateFileSystemEntries(Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
