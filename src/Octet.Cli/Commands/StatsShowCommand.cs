using Octet.Calibration.Files;
using Octet.Cli.Settings;
using Octet.Cli.Terminal;
using static Octet.Cli.Terminal.Figures;

namespace Octet.Cli.Commands;

/// <summary><c>octet stats show</c>: what a file of statistics is of, and each tensor's histogram.</summary>
internal sealed class StatsShowCommand : ToolCommand
{
    private const int PlotWidth = 32;
    private const int PlotLines = 24;

    private readonly PathArgument file = new("file", "a file of statistics");
    private readonly WordsSetting tensors = new("tensor", "NAMES", "only these tensors, between commas, each with a larger plot");
    private readonly CommonSettings common = new();

    public StatsShowCommand()
        : base("show", "Tells what statistics are of, and plots the histogram of each tensor (heights are logarithms of counts).")
    {
        Add(file);
        AddAll([tensors, .. common.All]);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("octet stats show stats.octs", "every tensor in a line"),
        ("octet stats show stats.octs --tensor conv1.out", "one of them, larger"),
    ];

    public override int Run(Invocation invocation)
    {
        var problems = new Problems();
        string? path = invocation.Get(file);
        problems.AddIf(path is null, "the file is missing", "name a file of statistics");
        FilePaths.CheckOutput(problems, ("--json", invocation.Get(common.Json)), path);
        problems.ThrowIfAny();
        var statistics = StatisticsFile.Read(path!);
        string[] names = invocation.Get(tensors)!;
        if (names.FirstOrDefault(n => !statistics.Tensors.ContainsKey(n)) is { } unknown)
        {
            throw NameSuggestion.Unknown("tensor", unknown, statistics.Tensors.Keys);
        }

        var chosen = statistics.Tensors.Where(t => names.Length == 0 || names.Contains(t.Key)).ToArray();
        JsonOutput.Write(invocation.Get(common.Json), StatsShowResult.Of(path!, statistics, chosen));
        var screen = invocation.Screen(common);
        var origin = statistics.Origin;
        screen.Heading(Text($"{Path.GetFileName(path)}: {Of(statistics.Tensors.Count, "tensor")}, {Of(statistics.SampleCount, "sample")} of {origin.Samples.Length}"));
        screen.Facts(
        [
            .. statistics.Coverage.Select((c, i) => (i == 0 ? "gathered" : string.Empty, Text($"{c.Key}, samples {c.Value}"))),
            ("observed", origin.Observation),
            ("preprocessing", origin.Preprocess.Length == 0 ? "none" : origin.Preprocess),
            ("model", Text($"structure {origin.Graph[..Math.Min(12, origin.Graph.Length)]}, weights {origin.Weights[..Math.Min(12, origin.Weights.Length)]}")),
            ("samples", origin.Data[..Math.Min(12, origin.Data.Length)]),
            ("machine", Text($"{origin.Processor}, ONNX Runtime {origin.Runtime}")),
        ]);
        if (names.Length == 0)
        {
            screen.Table(new TextTable(
                "Tensors",
                [new("tensor"), new("values", true), new("min", true), new("max", true), new("zeros", true), new("histogram")],
                [.. chosen.Select(t => t.Value.Statistics.Histogram is var h ? new[] { t.Key, Count(h.Count), Text($"{h.Min:G5}"), Text($"{h.Max:G5}"), Percent(h.IsEmpty ? 0 : (double)h.ZeroCount / h.Count, 1), HistogramPlot.Line(h, PlotWidth) } : [])]));
            return 0;
        }

        foreach (var (name, tensor) in chosen)
        {
            var histogram = tensor.Statistics.Histogram;
            screen.Line();
            screen.Heading(Text($"{name}: {Count(histogram.Count)} values from {histogram.Min:G5} to {histogram.Max:G5}, {Count(histogram.ZeroCount)} of them zero"));
            foreach (string line in HistogramPlot.Bars(histogram, PlotLines))
            {
                screen.Line(line.TrimEnd());
            }
        }

        return 0;
    }
}
