using System.Globalization;
using Octet.Calibration;
using static Octet.Cli.Terminal.Figures;

namespace Octet.Cli.Terminal;

/// <summary>Draws histograms with characters. Heights are logarithms of counts: tails are what ranges are about.</summary>
internal static class HistogramPlot
{
    private const string Heights = " ▁▂▃▄▅▆▇█";
    private const int BarWidth = 50;

    /// <summary>Counts in bins of equal width from the smallest value to the largest, with zero among them.</summary>
    /// <param name="histogram">The histogram; values count as spread evenly over its own bins.</param>
    /// <param name="bins">Number of bins.</param>
    public static (double Low, double High, double Count)[] Linear(LogLinearHistogram histogram, int bins)
    {
        double low = Math.Min(0, histogram.Min);
        double width = (Math.Max(0, (double)histogram.Max) - low) / bins;
        if (width == 0)
        {
            return [(low, low, histogram.Count)];
        }

        var counts = new double[bins];
        foreach (var bin in histogram.Bins())
        {
            double first = (bin.Low - low) / width;
            double last = (bin.High - low) / width;
            for (int i = (int)Math.Clamp(first, 0, bins - 1); i <= Math.Clamp(last, 0, bins - 1); i++)
            {
                double part = last > first ? (Math.Min(last, i + 1) - Math.Max(first, i)) / (last - first) : 1;
                counts[i] += Math.Max(0, part) * bin.Count;
                if (last <= first)
                {
                    break;
                }
            }
        }

        return [.. counts.Select((c, i) => (low + (i * width), low + ((i + 1) * width), c))];
    }

    /// <summary>A line of characters.</summary>
    public static string Line(LogLinearHistogram histogram, int width)
    {
        var bins = Linear(histogram, width);
        double largest = Height(bins.Max(b => b.Count));
        return string.Concat(bins.Select(b => Heights[b.Count < 0.5 ? 0 : Math.Max(1, (int)Math.Round(Height(b.Count) / largest * (Heights.Length - 1)))]));
    }

    /// <summary>A line a bin, each with a bar.</summary>
    public static IEnumerable<string> Bars(LogLinearHistogram histogram, int lines)
    {
        var bins = Linear(histogram, lines);
        double largest = Height(bins.Max(b => b.Count));
        return bins.Select(b => Text($"{b.Low.ToString("G4", CultureInfo.InvariantCulture),12} {new string('#', b.Count < 0.5 ? 0 : Math.Max(1, (int)(Height(b.Count) / largest * BarWidth))).PadRight(BarWidth)} {Count((long)Math.Round(b.Count))}"));
    }

    private static double Height(double count) => Math.Log2(1 + count);
}
