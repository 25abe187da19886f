using System.Text.Json;
using Octet.Calibration.Thresholds;
using Octet.Calibration.Thresholds.Ppq;
using Octet.Numerics;
using Octet.Tests.Golden;
using Xunit.Abstractions;

namespace Octet.Tests.Calibration.Thresholds.Ppq;

/// <summary>Every scale that PPQ 0.6.6 solved on the LeNet (golden/ppq), from the observers and histograms that it recorded: bit for bit.</summary>
public sealed class PpqGoldenTests(ITestOutputHelper output)
{
    [GoldenFact("ppq/golden_ppq_lenet.json", "ppq/golden_ppq_lenet_hist.npz")]
    public void Scales_FromRecordedObservers_ArePpqs()
    {
        var histograms = GoldenFile.Arrays("ppq/golden_ppq_lenet_hist.npz");
        int compared = 0;
        int fromHistograms = 0;
        foreach (var run in GoldenJson.Cases("ppq/golden_ppq_lenet.json", "runs").Where(r => r.TryGetProperty("observers", out var o) && o.ValueKind == JsonValueKind.Object))
        {
            bool powerOfTwo = run.Text("platform") == "FPGA_INT8";
            var scales = run.GetProperty("activations").EnumerateObject().Concat(run.GetProperty("parameters").EnumerateObject())
                .Where(p => p.Value.ValueKind == JsonValueKind.Object).ToDictionary(p => p.Name, p => p.Value.GetProperty("scale"), StringComparer.Ordinal);
            foreach (var (name, observer) in run.GetProperty("observers").EnumerateObject().Select(o => (o.Name, o.Value)))
            {
                if (!scales.TryGetValue(name, out var expected) || expected.ValueKind != JsonValueKind.Number)
                {
                    continue;
                }

                string key = $"{run.Text("id").Replace('/', '|')}|{name}";
                float[]? histogram = histograms.GetValueOrDefault(key);
                if (Solve(observer, histogram, powerOfTwo) is not { } scale)
                {
                    continue;
                }

                Assert.True(GoldenJson.SameBits(expected.GetSingle(), scale), $"{run.Text("id")} {name}: {expected.GetSingle():R} {scale:R}");
                compared++;
                fromHistograms += histogram is null ? 0 : 1;
            }
        }

        output.WriteLine($"{compared} scales compared, {fromHistograms} of them from histograms");
        Assert.True(compared >= 141 && fromHistograms >= 28, $"only {compared} scales");
    }

    private static float? Solve(JsonElement observer, float[]? histogram, bool powerOfTwo)
    {
        long[]? counts = histogram is null ? null : [.. histogram.Select(c => (long)c)];
        var method = observer.Text("observer");
        if (method == "TorchPercentileObserver")
        {
            return Scale(PpqScale.OfRange(observer.Single("mean_of_batch_low"), observer.Single("mean_of_batch_high"), QuantType.Int8, true, powerOfTwo));
        }

        double bound = Math.Max(Math.Abs(observer.Single("min")), Math.Abs(observer.Single("max")));
        if (method == "TorchMinMaxObserver")
        {
            return Scale(PpqScale.OfRange(observer.Single("min"), observer.Single("max"), QuantType.Int8, true, powerOfTwo));
        }

        if (counts is null)
        {
            return null;
        }

        double width = bound / counts.Length;
        Assert.Equal(observer.GetProperty("hist_scale").GetDouble(), width);
        ThresholdResult solved;
        if (method == "TorchHistObserver")
        {
            var (cut, _) = PpqKlThreshold.Cut(counts, 128);
            solved = PpqScale.OfScale(cut / 128.0 * width, QuantType.Int8, powerOfTwo);
        }
        else
        {
            var (_, end, _) = PpqMseThreshold.Symmetric(counts, 256);
            solved = PpqScale.OfRange(-end * width, end * width, QuantType.Int8, true, powerOfTwo);
        }

        Assert.Equal(observer.GetProperty("solved_scale").GetDouble(), solved.Figure("solved_scale"));
        return Scale(solved);
    }

    private static float Scale(ThresholdResult result) => result.Params!.Scale;
}
