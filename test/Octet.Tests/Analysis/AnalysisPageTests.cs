using Octet.Analysis;

namespace Octet.Tests.Analysis;

public sealed class AnalysisPageTests
{
    [Fact]
    public void Of_AReport_ShowsEveryLayerTheWorstFirstAndEscapesNames()
    {
        string page = AnalysisPage.Of(Report(("conv <1>", 40), ("worst & \"last\"", 12)), "<script>");

        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("conv &lt;1&gt;", page, StringComparison.Ordinal);
        Assert.True(page.IndexOf("worst &amp;", StringComparison.Ordinal) < page.IndexOf("conv &lt;1&gt;", StringComparison.Ordinal));
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        Assert.Contains("class=\"bad\"", page, StringComparison.Ordinal);
        Assert.Contains("12.0 dB", page, StringComparison.Ordinal);
    }

    private static AnalysisReport Report(params (string Name, double Sqnr)[] layers) => new()
    {
        Version = "1",
        Target = "onnxruntime",
        Calibration = 2,
        Samples = 2,
        Sqnr = 11.5,
        Layers = [.. layers.Select(l => new LayerAnalysisReport(
            l.Name, "Conv", 10, new ErrorMeasures(l.Sqnr, 1, 0, 0), new ErrorMeasures(l.Sqnr, 1, 0, 0), new NoiseParts(1, 0, 0, 0), null))],
    };
}
