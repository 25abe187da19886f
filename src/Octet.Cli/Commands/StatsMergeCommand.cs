using Octet.Calibration.Files;
using Octet.Cli.Settings;
using Octet.Cli.Terminal;
using static Octet.Cli.Terminal.Figures;

namespace Octet.Cli.Commands;

/// <summary><c>octet stats merge</c>: shards become one file.</summary>
internal sealed class StatsMergeCommand : ToolCommand
{
    private readonly PathsArgument files = new("files", "files of statistics, shards of one calibration", 10_000);
    private readonly TextSetting output = new("output", "FILE", "where the merged statistics go, a name that ends in .octs", "-o");
    private readonly FlagSetting allowMixed = new("allow-mixed-processors", "merge shards from unlike classes of processors, whose floats may differ in the last bit");
    private readonly CommonSettings common = new();

    public StatsMergeCommand()
        : base("merge", "Puts the statistics of shards together; the order of the files does not matter.")
    {
        Add(files);
        AddAll([output, allowMixed, .. common.All]);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples => [("octet stats merge part1.octs part2.octs -o stats.octs", "the same bytes as one calibration of all samples gives")];

    public override int Run(Invocation invocation)
    {
        var problems = new Problems();
        string[] paths = invocation.Get(files);
        StatisticsOutput.Check(problems, invocation.Get(output));
        FilePaths.CheckOutput(problems, ("--output", invocation.Get(output)), paths);
        problems.AddIf(paths.Length < 1, "the files are missing", "name files of statistics");
        FilePaths.CheckOutput(problems, ("--json", invocation.Get(common.Json)), [.. paths, invocation.Get(output)]);
        problems.ThrowIfAny();
        var merged = StatisticsMerge.Merge(paths.Select(StatisticsFile.Read), invocation.Get(allowMixed));
        StatisticsFile.Write(merged, invocation.Get(output)!);
        var result = new StatsMergeResult(invocation.Get(output)!, paths.Length, merged.SampleCount, merged.Origin.Samples.Length, [.. merged.Coverage.Select(c => new StatisticCoverage(c.Key, c.Value.Count))]);
        JsonOutput.Write(invocation.Get(common.Json), result);
        var screen = invocation.Screen(common);
        screen.Heading(Text($"{Of(paths.Length, "file")}, {Of(result.Samples, "sample")} of {result.SamplesInAll}"));
        screen.Facts([.. result.Coverage.Select((c, i) => (i == 0 ? "gathered" : string.Empty, Text($"{c.Key}, {Of(c.Samples, "sample")}"))), ("written", result.Output)]);
        return 0;
    }
}
