using System.Globalization;
using System.Net;
using System.Text;

namespace Octet.Analysis;

/// <summary>An analysis as a page for browsers: one file that loads nothing, with a bar for each layer, the worst first.</summary>
public static class AnalysisPage
{
    private const int BarHeight = 18;
    private const int NameWidth = 320;
    private const int ChartWidth = 480;

    // In dB: where the bars end, what counts as good, and below which a layer is in danger.
    private const double Most = 60;
    private const double Good = 30;
    private const double Bad = 15;

    /// <summary>The page's text.</summary>
    /// <param name="report">What to show.</param>
    /// <param name="title">Name of the model.</param>
    public static string Of(AnalysisReport report, string title)
    {
        ArgumentNullException.ThrowIfNull(report);
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $$"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>{{Escaped(title)}}</title>
            <style>body{font:14px sans-serif;margin:2em} text{font:12px monospace} .good{fill:#4a9} .fair{fill:#da3} .bad{fill:#c43} li{margin:.3em 0}</style></head><body>
            <h1>{{Escaped(title)}}</h1>
            <p>SQNR of the outputs {{Decibels(report.Sqnr)}}; target {{Escaped(report.Target)}}, {{report.Calibration}} calibration samples, measured on {{report.Samples}}.</p>

            """);
        List(page, "Causes", [.. report.Diagnoses.Select(d => $"{d.Cause}: {string.Join(", ", d.Places)}. {d.Sign}. Remedy: {d.Remedy}{(d.Gain is { } gain ? string.Create(CultureInfo.InvariantCulture, $" ({gain:+0.0;-0.0;0.0} dB when tried)") : string.Empty)}")]);
        List(page, "Warnings", report.Warnings);
        Chart(page, "SQNR of the outputs with one layer alone quantized", [.. report.Layers.Where(l => l.AtOutputs is not null).Select(l => (l, l.AtOutputs!.Value))]);
        Chart(page, "SQNR of each layer, it alone quantized", [.. report.Layers.Select(l => (l, l.Alone.Sqnr))]);
        Chart(page, "SQNR of each layer, everything before it quantized", [.. report.Layers.Select(l => (l, l.Accumulated.Sqnr))]);
        page.Append("</body></html>\n");
        return page.ToString();
    }

    private static void List(StringBuilder page, string heading, IReadOnlyCollection<string> items)
    {
        if (items.Count > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"<h2>{heading}</h2>\n<ul>{string.Concat(items.Select(i => $"<li>{Escaped(i)}</li>"))}</ul>\n");
        }
    }

    private static void Chart(StringBuilder page, string heading, IReadOnlyList<(LayerAnalysisReport Layer, double Sqnr)> layers)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h2>{heading}</h2>\n<svg width=\"{NameWidth + ChartWidth + 90}\" height=\"{(layers.Count * BarHeight) + 4}\" role=\"img\">\n");
        foreach (var ((layer, sqnr), i) in layers.OrderBy(l => l.Sqnr).Select((l, i) => (l, i)))
        {
            int width = (int)(ChartWidth * Math.Clamp(sqnr, 0, Most) / Most);
            string kind = sqnr < Bad ? "bad" : sqnr < Good ? "fair" : "good";
            page.Append(CultureInfo.InvariantCulture, $"<g><title>{Escaped(layer.OpType)} {Escaped(layer.Name)}, {layer.MultiplyAccumulates} multiply-accumulates; most of its own error: {layer.Parts.Largest}</title>")
                .Append(CultureInfo.InvariantCulture, $"<text x=\"{NameWidth - 6}\" y=\"{(i * BarHeight) + 13}\" text-anchor=\"end\">{Escaped(Shortened(layer.Name))}</text>")
                .Append(CultureInfo.InvariantCulture, $"<rect class=\"{kind}\" x=\"{NameWidth}\" y=\"{(i * BarHeight) + 2}\" width=\"{width}\" height=\"{BarHeight - 4}\"/>")
                .Append(CultureInfo.InvariantCulture, $"<text x=\"{NameWidth + width + 6}\" y=\"{(i * BarHeight) + 13}\">{Decibels(sqnr)}</text></g>\n");
        }

        page.Append("</svg>\n");
    }

    private static string Decibels(double sqnr) => double.IsPositiveInfinity(sqnr) ? "exact" : sqnr.ToString("0.0 dB", CultureInfo.InvariantCulture);

    // The ends of long names tell more than their beginnings.
    private static string Shortened(string name) => name.Length <= 42 ? name : "…" + name[^41..];

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
