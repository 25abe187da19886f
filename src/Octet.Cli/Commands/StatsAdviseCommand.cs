using Octet.Calibration.Advice;
using Octet.Calibration.Files;
using Octet.Calibration.Thresholds;
using Octet.Cli.Settings;
using Octet.Cli.Terminal;
using Octet.Planning.Targets;
using static Octet.Cli.Terminal.Figures;

namespace Octet.Cli.Commands;

/// <summary><c>octet stats advise</c>: whether a calibration can be trusted.</summary>
internal sealed class StatsAdviseCommand : ToolCommand
{
    private const int MostTold = 20;

    private readonly PathArgument file = new("file", "a file of statistics");
    private readonly ChoiceSetting method = new("method", ["mse", .. ThresholdMethods.Candidates.Select(m => m.Name).Where(n => n != "mse")], "the threshold method whose ranges are looked at");
    private readonly ChoiceSetting target = new("target", [.. TargetCatalog.All.Select(t => t.Name)], "whose type and scheme of activations");
    private readonly TextSetting evaluation = new("evaluation", "FILE", "statistics of the evaluation samples: tells whether they are like the calibration samples");
    private readonly CommonSettings common = new();

    public StatsAdviseCommand()
        : base("advise", "Tells after how many samples each range settled, which samples stand out, and whether other samples are alike.")
    {
        Add(file);
        AddAll([method, target, evaluation, .. common.All]);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples => [("octet stats advise stats.octs --evaluation test.octs", "are there enough samples, and the right ones?")];

    public override int Run(Invocation invocation)
    {
        var problems = new Problems();
        string? path = invocation.Get(file);
        string? other = invocation.Get(evaluation);
        problems.AddIf(path is null, "the file is missing", "name a file of statistics");
        FilePaths.CheckOutput(problems, ("--json", invocation.Get(common.Json)), path, other);
        problems.ThrowIfAny();
        var chosen = TargetCatalog.Find(invocation.Get(target)!);
        var advice = CalibrationAdviser.Advise(
            StatisticsFile.Read(path!), ThresholdMethods.Find(invocation.Get(method)!), chosen.Activations, chosen.SymmetricActivations, other is null ? null : StatisticsFile.Read(other));
        JsonOutput.Write(invocation.Get(common.Json), advice);
        invocation.Warn(advice.Warnings, common);
        Tell(invocation.Screen(common), Path.GetFileName(path!), advice);
        return 0;
    }

    private static void Tell(Screen screen, string name, CalibrationAdvice advice)
    {
        screen.Heading(Text($"{name}: {Of(advice.Samples, "calibration sample")}, ranges of {advice.Method}"));
        int[] settled = [.. advice.Tensors.Select(t => t.SettledAfter).OfType<int>().Order()];
        screen.Facts(
        [
            ("settled", advice.Tensors.IsEmpty ? "too few samples to tell" : Text($"{settled.Length} of {Of(advice.Tensors.Length, "range")}{(settled.Length > 0 ? Text($", half of these after {settled[settled.Length / 2]} samples, the last after {settled[^1]}") : string.Empty)}")),
            ("outliers", advice.Outliers.IsEmpty ? "none" : string.Join(", ", advice.Outliers.Select(o => Text($"{o.Name} ({Of(o.Tensors, "tensor")}, {o.Excess:0.0} times)")))),
            .. advice.Drift.IsEmpty ? (IEnumerable<(string, string)>)[] : [("evaluation", Text($"unlike at {advice.Drift.Count(d => d.Differs)} of {Of(advice.Drift.Length, "tensor")}"))],
        ]);
        var shown = advice.Tensors.OrderByDescending(t => t.SettledAfter ?? int.MaxValue).ThenByDescending(t => t.Uncertainty);
        screen.Table(new TextTable(
            "Ranges, the latest to settle first (uncertainty: standard error by the jackknife)",
            [new("tensor"), new("bound", true), new("settled after", true), new("uncertainty", true)],
            [.. (screen.Verbosity == Verbosity.Detailed ? shown : shown.Take(MostTold)).Select(t => new[] { t.Name, Text($"{t.Bound:G5}"), t.SettledAfter is { } n ? Text($"{n}") : "not yet", Text($"±{Percent(t.Uncertainty, 1)}") })]));
    }
}
