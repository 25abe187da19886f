using System.Globalization;
using System.Text;
using Octet.Analysis;

namespace Octet.Dialects.Ppq.Analyses;

/// <summary>Bar charts of text, as PPQ 0.6.6 prints its analyses (ppq/quantization/analyse/util).</summary>
public static class MeasurePrinter
{
    private const string Label = "Layer";
    private const int Blocks = 20;

    /// <summary>PPQ's heading of noise-to-signal ratios.</summary>
    public const string NoiseRatio = "NOISE:SIGNAL POWER RATIO";

    /// <summary>Noise-to-signal ratios of operators, the largest first, as per cent.</summary>
    public static string OfErrors(IEnumerable<KeyValuePair<string, ErrorMeasures>> errors) => Print(errors.Select(e => (e.Key, e.Value.NoiseRatio)), NoiseRatio, percentage: true);

    /// <summary>The three charts of a parameter analysis: ranges, standard deviations and magnitudes of means.</summary>
    public static string OfParameters(IReadOnlyList<ParameterSummary> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        string Chart(string measure, Func<ParameterSummary, double> of) => Print(parameters.Select(p => ($"{p.Name}[{p.Layer}]", of(p))), measure, percentage: false);
        return Chart("Value Range", p => p.Range) + Chart("Value Std", p => p.Deviation) + Chart("Value Mean(Abs)", p => p.MeanMagnitude);
    }

    /// <summary>A chart.</summary>
    /// <param name="values">Names and values.</param>
    /// <param name="measure">The heading.</param>
    /// <param name="percentage">Whether the values are shares.</param>
    /// <returns>A heading, then a line for each value, the largest first; equal ones the later first, as PPQ has them. Empty without values.</returns>
    public static string Print(IEnumerable<(string Name, double Value)> values, string measure, bool percentage)
    {
        (string Name, double Value)[] sorted = [.. values.OrderBy(v => v.Value).Reverse()];
        if (sorted.Length == 0)
        {
            return string.Empty;
        }

        int width = Math.Max(Label.Length, sorted.Max(v => v.Name.Length));
        var (largest, smallest) = (sorted[0].Value, sorted[^1].Value);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Label.PadRight(width)}  | {measure} \n");
        foreach (var (name, value) in sorted)
        {
            double share = (value - smallest) / (largest - smallest + 1e-7);
            int blocks = double.IsNaN(share) ? 0 : (int)Math.Round(share * Blocks);
            string figure = percentage ? $"{(value * 100).ToString("0.000", CultureInfo.InvariantCulture)}%" : value.ToString("0.0000", CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"{name}:{new string(' ', width - name.Length)} | {new string('█', blocks)}{new string(' ', Blocks - blocks)} | {figure}\n");
        }

        return text.ToString();
    }
}
