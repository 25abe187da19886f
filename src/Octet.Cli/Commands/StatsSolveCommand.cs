using Octet.Calibration.Files;
using Octet.Calibration.Thresholds;
using Octet.Cli.Settings;
using Octet.Cli.Terminal;
using Octet.Planning.Targets;
using static Octet.Cli.Terminal.Figures;

namespace Octet.Cli.Commands;

/// <summary><c>octet stats solve</c>: the ranges that a threshold method makes of saved statistics.</summary>
internal sealed class StatsSolveCommand : ToolCommand
{
    private readonly PathArgument file = new("file", "a file of statistics");
    private readonly ChoiceSetting method = new("method", [.. ThresholdMethods.All.Select(m => m.Name)], "the threshold method");
    private readonly ChoiceSetting target = new("target", [.. TargetCatalog.All.Select(t => t.Name)], "whose type and scheme of activations");
    private readonly WordsSetting parameters = new("param", "NAME=VALUE", "a parameter of the method; may be repeated");
    private readonly CommonSettings common = new();

    public StatsSolveCommand()
        : base("solve", "Tells the range, scale and zero point that a method chooses for each tensor.")
    {
        Add(file);
        AddAll([method, target, parameters, .. common.All]);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("octet stats solve stats.octs --method kl --json -", "as JSON: an object with tensors"),
        ("octet stats solve stats.octs --method percentile --param percentile=99.9", "a parameter of the method's own"),
    ];

    public override int Run(Invocation invocation)
    {
        var problems = new Problems();
        string? path = invocation.Get(file);
        problems.AddIf(path is null, "the file is missing", "name a file of statistics");
        FilePaths.CheckOutput(problems, ("--json", invocation.Get(common.Json)), path);
        var named = ThresholdMethods.Find(invocation.Get(method)!);
        var settings = problems.Try(() => ThresholdSettings.Parse(named, invocation.Get(parameters)!));
        problems.ThrowIfAny();
        var chosen = TargetCatalog.Find(invocation.Get(target)!);
        var statistics = StatisticsFile.Read(path!);
        var tensors = StatisticsSolution.Solve(statistics, named, settings!, chosen.Activations, chosen.Scheme);
        var result = new StatsSolveResult(path!, named.Name, chosen.Name, statistics.SampleCount, tensors);
        JsonOutput.Write(invocation.Get(common.Json), result);
        var screen = invocation.Screen(common);
        screen.Heading(Text($"{Path.GetFileName(path)}, {Of(statistics.SampleCount, "sample")}: {named.Name} for {chosen.Name}"));
        string[] figures = [.. tensors.SelectMany(t => t.Figures.Keys).Distinct().Order(StringComparer.Ordinal)];
        screen.Table(new TextTable(
            "Ranges",
            [new("tensor"), new("min", true), new("max", true), new("range from", true), new("to", true), new("scale", true), new("zero point", true), .. figures.Select(f => new Column(f, true))],
            [.. tensors.Select(t => (string[])
            [
                t.Name, Text($"{t.Min:G5}"), Text($"{t.Max:G5}"), Text($"{t.RangeMin:G5}"), Text($"{t.RangeMax:G5}"), Text($"{t.Scale:G6}"), Text($"{t.ZeroPoint}"),
                .. figures.Select(f => t.Figures.TryGetValue(f, out double value) ? Text($"{value:G6}") : "-"),
            ])]));
        return 0;
    }
}
