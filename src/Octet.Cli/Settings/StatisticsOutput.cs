namespace Octet.Cli.Settings;

/// <summary>What a file of statistics must be called.</summary>
internal static class StatisticsOutput
{
    private const string Extension = ".octs";

    /// <summary>Notes a missing name, or one of another kind.</summary>
    public static void Check(Problems problems, string? path)
    {
        problems.AddIf(path is null, "--output is missing", "say where the statistics go with -o FILE");
        problems.AddIf(path?.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) is false, $"--output \"{path}\" does not end in {Extension}", "that is the ending of files of statistics");
    }
}
