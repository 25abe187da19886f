using Octet.Analysis;
using static Octet.Cli.Terminal.Figures;

namespace Octet.Cli.Commands;

/// <summary>Tells what an evaluation measured.</summary>
internal static class EvaluationSummary
{
    /// <summary>Names of measures and what they came to.</summary>
    /// <param name="evaluation">Null for nothing.</param>
    /// <param name="latency">Null for nothing.</param>
    public static IEnumerable<(string Name, string Text)> Facts(EvaluationReport? evaluation, LatencyReport? latency)
    {
        if (evaluation?.Classification is { } classes)
        {
            yield return ("top-1", Accuracy(classes.ReferenceTop1, classes.Top1, classes.Items));
            if (classes.Top5 is { } top5)
            {
                yield return ("top-5", Accuracy(classes.ReferenceTop5, top5, classes.Items));
            }
        }

        foreach (var output in evaluation?.Outputs ?? [])
        {
            yield return ("output", Output(output));
        }

        if (evaluation?.Metric is { } metric)
        {
            yield return ("metric", metric.Reference is { } before ? Text($"{metric.Name}: {before:G6} -> {metric.Value:G6}") : Text($"{metric.Name}: {metric.Value:G6}"));
        }

        if (latency is not null)
        {
            yield return ("latency", Latency(latency));
        }
    }

    private static string Accuracy(double? before, double after, long items) => before is { } reference
        ? Text($"{Percent(reference)} -> {Percent(after)} ({(after - reference) * 100:+0.00;-0.00;0.00} points, {Of(items, "label")})")
        : Text($"{Percent(after)} ({Of(items, "label")})");

    private static string Output(OutputReport output)
    {
        string agreement = output.Agreement is { } share ? Text($", agrees with float in {Percent(share)}") : string.Empty;
        string broken = output.NonFinite > 0 ? Text($", {Of(output.NonFinite, "value")} NaN or infinite") : string.Empty;
        return Text($"{output.Name}: SQNR {Decibels(output.Sqnr)}, cosine {output.Cosine:0.00000}, largest error {output.MaxAbs:G4}{agreement}{broken}");
    }

    private static string Latency(LatencyReport latency)
    {
        string ratio = latency.Speedup >= 1 ? Text($"{latency.Speedup:0.0} times faster") : Text($"{1 / latency.Speedup:0.0} times slower");
        return Text($"{Milliseconds(latency.Reference.Milliseconds)} -> {Milliseconds(latency.Model.Milliseconds)} ({ratio}; medians of {Of(latency.Rounds, "round")}, {Of(latency.Threads, "thread")})");
    }
}
