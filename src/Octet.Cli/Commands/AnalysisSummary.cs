using Octet.Analysis;
using Octet.Analysis.Causes;
using Octet.Cli.Terminal;
using static Octet.Cli.Terminal.Figures;

namespace Octet.Cli.Commands;

/// <summary>Tells what an analysis measured.</summary>
internal static class AnalysisSummary
{
    private const int WorstLayers = 10;

    /// <summary>Writes the summary.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="model">Name of the model.</param>
    /// <param name="report">What to tell.</param>
    /// <param name="page">Where the page lies; null for nowhere.</param>
    public static void Write(Screen screen, string model, AnalysisReport report, string? page)
    {
        screen.Heading(Text($"{model} (static, target {report.Target}, {Of(report.Calibration, "calibration sample")}, measured on {report.Samples})"));
        var facts = new List<(string, string)> { ("SQNR", Text($"{Decibels(report.Sqnr)} at the outputs")) };
        if (page is not null)
        {
            facts.Add(("page", page));
        }

        facts.AddRange(report.Diagnoses.SelectMany(CauseOf));
        if (report.Diagnoses.Length == 0)
        {
            facts.Add(("causes", "nothing conspicuous was found"));
        }

        screen.Facts(facts);
        bool all = screen.Verbosity == Verbosity.Detailed;
        screen.Table(Layers(report, all ? report.Layers.Length : WorstLayers));
        if (all)
        {
            screen.Table(Tensors(report));
            screen.Table(Parameters(report));
        }
    }

    private static IEnumerable<(string, string)> CauseOf(Diagnosis diagnosis)
    {
        string more = diagnosis.Places.Length > 1 ? Text($" and {Of(diagnosis.Places.Length - 1, "other place")}") : string.Empty;
        string gain = diagnosis.Gain is { } dB ? (double.IsPositiveInfinity(dB) ? " (exact when tried)" : Text($" ({dB:+0.0;-0.0;0.0} dB when tried)")) : string.Empty;
        yield return ("cause", $"{diagnosis.Cause}: {diagnosis.Places[0]}{more}");
        yield return (string.Empty, diagnosis.Sign);
        yield return ("remedy", $"{diagnosis.Remedy}{gain}{(diagnosis.Restores ? ", which brings back lost parts of the outputs" : string.Empty)}");
    }

    private static TextTable Layers(AnalysisReport report, int count) => new(
        "Layers, the worst first (at outputs: SQNR of the network with this layer alone quantized)",
        [new("layer"), new("operator"), new("at outputs", true), new("alone", true), new("accumulated", true), new("cosine", true), new("noise/signal", true), new("most of it")],
        [.. report.Layers
            .OrderBy(l => l.AtOutputs ?? double.PositiveInfinity).ThenBy(l => l.Accumulated.Sqnr)
            .Take(count)
            .Select(l => new[] { l.Name, l.OpType, Decibels(l.AtOutputs), Decibels(l.Alone.Sqnr), Decibels(l.Accumulated.Sqnr), Text($"{l.Accumulated.Cosine:0.00000}"), Text($"{l.Accumulated.NoiseRatio:0.000%}"), l.Parts.Largest })]);

    private static TextTable Tensors(AnalysisReport report) => new(
        "Quantized activations, the lowest cosine first",
        [new("tensor"), new("min", true), new("Q1", true), new("median", true), new("Q3", true), new("max", true), new("mean", true), new("deviation", true), new("zeros", true), new("clipped", true), new("cosine", true)],
        [.. report.Tensors
            .Where(t => t.Values is not null)
            .OrderBy(t => t.Values!.Cosine)
            .Select(t => (t.Name, Values: t.Values!))
            .Select(t => new[] { t.Name, Text($"{t.Values.Min:G5}"), Text($"{t.Values.Q1:G5}"), Text($"{t.Values.Median:G5}"), Text($"{t.Values.Q3:G5}"), Text($"{t.Values.Max:G5}"), Text($"{t.Values.Mean:G5}"), Text($"{t.Values.Deviation:G5}"), Percent(t.Values.Sparsity, 1), Percent(t.Values.Clip), Text($"{t.Values.Cosine:0.00000}") })]);

    private static TextTable Parameters(AnalysisReport report) => new(
        "Parameters, the largest range first",
        [new("parameter"), new("layer"), new("range", true), new("deviation", true), new("|mean|", true)],
        [.. report.Parameters.OrderByDescending(p => p.Range).Select(p => new[] { p.Name, p.Layer, Text($"{p.Range:G5}"), Text($"{p.Deviation:G5}"), Text($"{p.MeanMagnitude:G5}") })]);
}
