using Octet.Cli.Terminal;
using static Octet.Cli.Terminal.Figures;

namespace Octet.Cli.Commands;

/// <summary>Tells what a quantization did and what it cost.</summary>
internal static class QuantizeSummary
{
    private const int WorstLayers = 5;
    private const int NamesTold = 3;

    /// <summary>Writes the summary.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="result">What to tell.</param>
    /// <param name="json">Where the JSON lies; null for nowhere that a user could look.</param>
    /// <param name="statistics">The statistics that ranges were solved from; null where samples were run.</param>
    public static void Write(Screen screen, QuantizeResult result, string? json, string? statistics = null)
    {
        var report = result.Quantization;
        var facts = new List<(string, string)> { ("size", SizeOf(report)) };
        if (QuantizedOf(report) is { } quantized)
        {
            facts.Add(("quantized", quantized));
        }

        if (statistics is not null)
        {
            facts.Add(("ranges", Text($"solved from {statistics}, no sample was run")));
            facts.Add((string.Empty, "left out, for it needs samples: balancing channels, error feedback, biases, looking for lost parts of outputs"));
        }

        facts.AddRange(FloatOf(report).Select((text, i) => (i == 0 ? "left float" : string.Empty, text)));
        facts.AddRange(EvaluationSummary.Facts(result.Evaluation, result.Latency));
        if (result.Evaluation is null && report.Sqnr is { } sqnr)
        {
            facts.Add(("SQNR", Text($"about {Decibels(sqnr)}, on calibration samples (--evaluate measures on others)")));
        }

        facts.AddRange(report.Refinements.GroupBy(r => r.Refinement).Select(g => (g.Key, RefinedOf([.. g]))));
        facts.AddRange(SaturationOf(report).Select((text, i) => (i == 0 ? "saturation" : string.Empty, text)));
        facts.Add(("written", result.Output));
        if (result.C is { } c)
        {
            facts.Add(("C", Text($"{Path.Combine(c.Folder, c.Name)}.c: {Bytes(c.ConstantBytes)} of constants, {Bytes(c.MemoryBytes)} of working memory; make -C {c.Folder} test tries it")));
        }

        if (json is not null)
        {
            facts.Add(("report", json));
        }

        screen.Heading(Text($"{Path.GetFileName(result.Model)} to int8 ({report.Mode}, target {report.Target}{(report.Samples > 0 ? ", " + Of(report.Samples, "calibration sample") : string.Empty)})"));
        screen.Facts(facts);
        screen.Table(new TextTable("Settings for single layers", [new("setting"), new("layer"), new("decided")], [.. report.Choices.Select(c => new[] { c.Setting, c.Layer, c.Decided })]));
        screen.Table(WorstOf(report));
        if (screen.Verbosity == Verbosity.Detailed)
        {
            screen.Table(LayersOf(report));
            screen.Table(new TextTable("Refined activations", [new("tensor"), new("refinement"), new("done")], [.. report.Refinements.Select(r => new[] { r.Tensor, r.Refinement, r.Done })]));
            screen.Table(TensorsOf(report));
            screen.Table(new TextTable("Time", [new("phase"), new("seconds", true)], [.. report.Phases.Select(p => new[] { p.Name, Text($"{p.Seconds:0.00}") })]));
        }
    }

    private static string SizeOf(QuantizationReport report)
        => Text($"{Bytes(report.FloatBytes)} -> {Bytes(report.QuantizedBytes)} ({Percent((double)report.QuantizedBytes / Math.Max(1, report.FloatBytes), 0)})");

    private static string RefinedOf(RefinementReport[] refined)
        => Text($"{Of(refined.Length, "activation")}, {refined.Min(r => r.Gain):0.0} to {refined.Max(r => r.Gain):0.0} dB less noise where they are read, ") + (refined[0].OutputGain is { } gain ? Text($"{gain:0.0} dB at the outputs, on samples") : "predicted");

    private static string? QuantizedOf(QuantizationReport report)
    {
        LayerReport[] weighted = [.. report.Layers.Where(l => l.MultiplyAccumulates > 0)];
        return weighted.Length == 0
            ? Text($"{Percent(report.QuantizedShare, 1)} of the model")
            : Text($"{weighted.Count(l => l.Decision == "quantized")} of {Of(weighted.Length, "layer")} with weights, {Percent(report.QuantizedShare, 1)} of the multiply-accumulates");
    }

    private static IEnumerable<string> FloatOf(QuantizationReport report)
    {
        long all = Math.Max(1, report.Layers.Sum(l => l.MultiplyAccumulates));
        return report.Layers.Where(l => l.Decision == "float")
            .GroupBy(l => l.Why ?? "no reason told")
            .OrderByDescending(g => g.Sum(l => l.MultiplyAccumulates)).ThenByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g =>
            {
                string names = string.Join(", ", g.Take(NamesTold).Select(l => l.Name == l.OpType ? l.Name : $"{l.OpType} {l.Name}"));
                long work = g.Sum(l => l.MultiplyAccumulates);
                string share = work == 0 ? string.Empty : Text($", {Percent((double)work / all, 1)} of the multiply-accumulates");
                return Text($"{Of(g.Count(), "operator")}{share}: {g.Key} ({names}{(g.Count() > NamesTold ? ", …" : string.Empty)})");
            });
    }

    private static IEnumerable<string> SaturationOf(QuantizationReport report)
    {
        LayerReport[] touched = [.. report.Layers.Where(l => l.SaturatingChannels > 0)];
        if (touched.Length == 0)
        {
            yield break;
        }

        yield return Text($"{Of(touched.Sum(l => (long)l.SaturatingChannels), "channel")} of {Of(touched.Length, "layer")} narrowed, for processors without VNNI");
        if (touched.Where(l => l.Weights is not null).MaxBy(l => l.Weights!.SaturationCost) is { } costliest)
        {
            yield return Text($"it costs at most {costliest.Weights!.SaturationCost:0.00} dB of a layer's output ({costliest.Name})");
            yield return Text($"--saturation ignore would let {Count(touched.Sum(l => l.Weights?.SaturatingSums ?? 0))} of the sampled sums saturate there");
        }
    }

    private static IEnumerable<LayerReport> Worst(QuantizationReport report) => report.Layers.Where(l => l.Cost is not null || l.Sqnr is not null)
        .OrderByDescending(l => l.Cost ?? double.NegativeInfinity).ThenBy(l => l.Sqnr).Take(WorstLayers);

    private static TextTable WorstOf(QuantizationReport report)
    {
        double all = Math.Max(1, report.Layers.Sum(l => l.MultiplyAccumulates));
        return new TextTable(
            "Worst layers (costs: dB of the outputs' SQNR, by quantizing it alone)",
            [new("layer"), new("operator"), new("costs", true), new("SQNR", true), new("share of work", true)],
            [.. Worst(report).Select(l => new[] { l.Name, l.OpType, Cost(l), Decibels(l.Sqnr), Percent(l.MultiplyAccumulates / all, 1) })]);
    }

    private static string Cost(LayerReport layer) => layer.Cost is { } cost ? Text($"{cost:0.00} dB") : "-";

    private static TextTable LayersOf(QuantizationReport report) => new(
        "Layers",
        [new("layer"), new("operator"), new("decision"), new("work", true), new("costs", true), new("SQNR", true), new("rounding"), new("narrowed", true), new("why")],
        [.. report.Layers.Select(l => new[] { l.Name, l.OpType, l.Decision, l.MultiplyAccumulates == 0 ? "-" : Count(l.MultiplyAccumulates), Cost(l), Decibels(l.Sqnr), l.WeightRounding ?? "-", Text($"{l.SaturatingChannels}"), l.Reason ?? l.Why ?? "-" })]);

    private static TextTable TensorsOf(QuantizationReport report) => new(
        "Quantized activations",
        [new("tensor"), new("min", true), new("max", true), new("scale", true), new("zero point", true), new("method"), new("why")],
        [.. report.Tensors.Select(t => new[] { t.Name, Text($"{t.Min:G5}"), Text($"{t.Max:G5}"), Text($"{t.Scale:G6}"), Text($"{t.ZeroPoint}"), t.Method ?? "-", t.Reason ?? t.Why ?? "-" })]);
}
