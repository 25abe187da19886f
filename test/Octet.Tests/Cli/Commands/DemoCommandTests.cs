using System.Text.RegularExpressions;

namespace Octet.Tests.Cli.Commands;

public sealed partial class DemoCommandTests
{
    [Fact]
    public async Task Demo_QuantizesEvaluatesAndSaysWhatToTryNext()
    {
        using var temporary = new TemporaryFolder();
        var environment = new Dictionary<string, string?> { ["TMPDIR"] = temporary.Path, ["TMP"] = temporary.Path };

        var run = (await ProcessRun.Of(OctetTool.Path, ["demo"], temporary.Path, environment)).Succeeded();

        Assert.DoesNotContain('\u001b', run.Output + run.Error);
        double after = double.Parse(Top1().Match(run.Output).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(after, 97, 99);
        string folder = Assert.Single(Directory.GetDirectories(temporary.Path));
        string[] lines = run.Output[run.Output.IndexOf("Try next", StringComparison.Ordinal)..].Split('\n', StringSplitOptions.TrimEntries);
        Assert.Equal($"cd {folder}", lines[1]);
        Assert.All(lines[2..5], line => Assert.StartsWith(OctetTool.Path + " ", line, StringComparison.Ordinal));

        // What it says to try works.
        foreach (string line in lines[2..5])
        {
            (await OctetTool.Run(folder, line.Split(' ')[1..])).Succeeded();
        }
    }

    [GeneratedRegex(@"top-1 +98\.00 % -> (\d+\.\d+) %")]
    private static partial Regex Top1();
}
