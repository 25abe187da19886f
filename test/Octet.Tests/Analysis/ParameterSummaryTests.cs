using System.Globalization;
using Octet.Analysis;
using Octet.Tests.Golden;

namespace Octet.Tests.Analysis;

public sealed class ParameterSummaryTests
{
    [Fact]
    public void Of_KnownValues_GivesTheirMeasures()
    {
        var summary = ParameterSummary.Of("w", "conv", [1, -2, 4]);
        Assert.Equal(6, summary.Range);
        Assert.Equal(3, summary.Deviation, 12);
        Assert.Equal(1, summary.MeanMagnitude, 12);
    }

    [SharedFact("../golden/ppq/parameter_analyse_fpga_percentile.txt")]
    public void Of_EveryParameterOfPpqsRun_GivesWhatItPrinted()
    {
        const string Prefix = "FPGA_INT8|percentile|param|";
        var parameters = GoldenFile.Arrays("ppq/golden_ppq_lenet_sim.npz").Where(a => a.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(a => (Parts: a.Key[Prefix.Length..].Split('|'), a.Value))
            .ToDictionary(a => $"{a.Parts[1]}[{a.Parts[0]}]", a => ParameterSummary.Of(a.Parts[1], a.Parts[0], a.Value), StringComparer.Ordinal);
        string heading = "";
        int figures = 0;
        foreach (string[] cells in File.ReadLines(GoldenFile.PathOf("ppq/parameter_analyse_fpga_percentile.txt")).Select(l => l.Split('|')))
        {
            if (cells[0].StartsWith("Layer", StringComparison.Ordinal))
            {
                heading = cells[1].Trim();
                continue;
            }

            var summary = parameters[cells[0].Trim().TrimEnd(':')];
            double figure = heading switch { "Value Range" => summary.Range, "Value Std" => summary.Deviation, _ => summary.MeanMagnitude };
            Assert.Equal(cells[2].Trim(), figure.ToString("0.0000", CultureInfo.InvariantCulture));
            figures++;
        }

        Assert.Equal(24, figures);
    }
}
