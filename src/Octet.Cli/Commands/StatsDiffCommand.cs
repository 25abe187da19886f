using Octet.Calibration.Advice;
using Octet.Calibration.Files;
using Octet.Cli.Settings;
using Octet.Cli.Terminal;
using static Octet.Cli.Terminal.Figures;

namespace Octet.Cli.Commands;

/// <summary><c>octet stats diff</c>: how unlike the values of two sets of samples, or of two models of one structure, are.</summary>
internal sealed class StatsDiffCommand : ToolCommand
{
    private readonly PathsArgument files = new("files", "two files of statistics of one model", 2);
    private readonly CommonSettings common = new();

    public StatsDiffCommand()
        : base("diff", "Tells how two files of statistics differ: origin, and each tensor's distribution against what chance makes.")
    {
        Add(files);
        AddAll(common.All);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples => [("octet stats diff calibration.octs test.octs", "whether the network will see what it was calibrated with")];

    public override int Run(Invocation invocation)
    {
        var problems = new Problems();
        string[] paths = invocation.Get(files);
        problems.AddIf(paths.Length < 2, "two files are needed", "name two files of statistics");
        FilePaths.CheckOutput(problems, ("--json", invocation.Get(common.Json)), paths);
        problems.ThrowIfAny();
        var (first, second) = (StatisticsFile.Read(paths[0]), StatisticsFile.Read(paths[1]));
        var drift = CalibrationAdviser.Drift(first, second);
        var result = new StatsDiffResult(paths[0], paths[1], first.Origin.DifferencesFrom(second.Origin), drift.Count(d => d.Differs), drift);
        JsonOutput.Write(invocation.Get(common.Json), result);
        var screen = invocation.Screen(common);
        screen.Heading(Text($"{Path.GetFileName(paths[0])} ({Of(first.SampleCount, "sample")}) and {Path.GetFileName(paths[1])} ({Of(second.SampleCount, "sample")})"));
        screen.Facts(
        [
            ("origin", result.Origin.Count == 0 ? "the same" : "differs in " + string.Join("; ", result.Origin)),
            ("values", result.Unlike == 0 ? Text($"alike at all {Of(drift.Length, "tensor")}") : Text($"unlike at {result.Unlike} of {Of(drift.Length, "tensor")}")),
        ]);
        screen.Table(new TextTable(
            "Tensors (divergence in bits: 0 alike, 1 nothing in common; usual: between random halves of both)",
            [new("tensor"), new("divergence", true), new("usual", true), new("beyond extremes", true), new("verdict")],
            [.. drift.OrderByDescending(d => d.Distance).Select(d => new[] { d.Name, Text($"{d.Distance:0.0000}"), Text($"{d.Usual:0.0000}"), Percent(d.Outside, 3), d.Differs ? "unlike" : "alike" })]));
        return 0;
    }
}
