using Octet.Analysis.Comparison;
using Octet.Cli.Terminal;
using static Octet.Cli.Terminal.Figures;

namespace Octet.Cli.Commands;

/// <summary>Tells how far a quantized model is from its float reference.</summary>
internal static class CompareSummary
{
    private const int WorstTensors = 10;

    /// <summary>Writes the summary.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="model">Name of the quantized model.</param>
    /// <param name="reference">Name of the float model.</param>
    /// <param name="report">What to tell.</param>
    public static void Write(Screen screen, string model, string reference, ComparisonReport report)
    {
        screen.Heading(Text($"{model} against {reference} ({Of(report.Samples, "sample")})"));
        var facts = new List<(string, string)> { ("SQNR", Text($"{Decibels(report.Sqnr)} at the outputs")), ("compared", Of(report.Tensors.Length, "tensor")) };
        if (report.Tensors.Count(t => t.Rescaled) is > 0 and var rescaled)
        {
            facts.Add(("rescaled", Text($"{Of(rescaled, "tensor")} whose channels have other scales or offsets than the float model's: compared with these")));
        }

        screen.Facts(facts);
        bool all = screen.Verbosity == Verbosity.Detailed;
        screen.Table(new TextTable(
            "Tensors, those first whose layer alone errs most (accumulated: with everything before it quantized)",
            [new("layer"), new("operator"), new("type"), new("alone", true), new("accumulated", true), new("cosine", true), new("noise/signal", true), new("rescaled"), new("tensor")],
            [.. report.Tensors
                .OrderBy(t => t.Alone.Sqnr).ThenBy(t => t.Accumulated.Sqnr)
                .Take(all ? report.Tensors.Length : WorstTensors)
                .Select(t => new[] { t.Layer, t.OpType, t.Type, Decibels(t.Alone.Sqnr), Decibels(t.Accumulated.Sqnr), Text($"{t.Accumulated.Cosine:0.00000}"), Text($"{t.Accumulated.NoiseRatio:0.000%}"), t.Rescaled ? "yes" : "-", t.Tensor })]));
    }
}
