using System.Text.Json;
using Octet.Calibration.Statistics;
using Octet.Calibration.Thresholds.TpuMlir;
using Octet.Numerics;
using Octet.Tests.Golden;
using Xunit.Abstractions;

namespace Octet.Tests.Calibration.Thresholds.TpuMlir;

/// <summary>Every threshold that tpu-mlir's own code gave (golden/amct/sophon_thresholds).</summary>
public sealed class TpuMlirGoldenTests(ITestOutputHelper output)
{
    private readonly Dictionary<string, float[]> inputs = Inputs();

    [GoldenFact("amct/sophon_thresholds.json", "amct/sophon_thresholds.npz", "amct/ifmr.npz")]
    public void MeansOfSamples_AreTpuMlirs()
    {
        int compared = 0;
        foreach (var item in GoldenJson.Cases("amct/sophon_thresholds.json"))
        {
            float[][] samples = SamplesOf(item);
            foreach (var (name, method) in new[] { ("mse_octav", "tpu-mlir-octav"), ("aciq_gauss", "tpu-mlir-aciq-gauss"), ("aciq_laplace", "tpu-mlir-aciq-laplace") })
            {
                foreach (int bits in new[] { 8, 4 })
                {
                    string id = $"{item.Text("id")} {method} {bits}";
                    var expected = item.GetProperty("methods").GetProperty($"{name}_{bits}bit");
                    if (IsNaN(expected.GetProperty("mean")))
                    {
                        continue;
                    }

                    var result = ThresholdRuns.Run(method, samples, new QuantType(bits, true), symmetric: true);
                    Assert.True(GoldenJson.Near(expected.GetProperty("mean").GetProperty("v").GetDouble(), result.Figure("mean"), 1e-12), id);
                    Assert.True(GoldenJson.SameBits(expected.Single("clamped_to_absmax"), (float)result.Figure("threshold")), $"{id}: {result.Figure("threshold"):R}");
                    compared++;
                }
            }
        }

        Compared(compared, 130);
    }

    [GoldenFact("amct/sophon_thresholds.json", "amct/sophon_thresholds.npz", "amct/ifmr.npz")]
    public void Percentile_IsTpuMlirs()
    {
        int compared = 0;
        foreach (var item in GoldenJson.Cases("amct/sophon_thresholds.json"))
        {
            foreach (var expected in item.GetProperty("percentile").EnumerateArray())
            {
                var result = ThresholdRuns.Run("tpu-mlir-percentile9999", SamplesOf(item), QuantType.Int8, true, ("percent", expected.GetProperty("percent").GetDouble()));
                string id = $"{item.Text("id")}: {result.Figure("v_max"):R} {result.Figure("v_min"):R}";
                Assert.True(GoldenJson.SameBits(expected.Single("v_max"), (float)result.Figure("v_max")), id);
                Assert.True(GoldenJson.SameBits(expected.Single("v_min"), (float)result.Figure("v_min")), id);
                Assert.True(GoldenJson.SameBits(expected.Single("threshold"), (float)result.Figure("threshold")), id);
                Assert.Equal(expected.Integer("length_kept"), (int)result.Figure("length_kept"));
                compared++;
            }
        }

        Compared(compared, 44);
    }

    [GoldenFact("amct/sophon_thresholds.json", "amct/sophon_thresholds.npz", "amct/ifmr.npz")]
    public void Kl_IsTpuMlirs()
    {
        var arrays = GoldenFile.Arrays("amct/sophon_thresholds.npz");
        int compared = 0;
        int moved = 0;
        int scores = 0;
        foreach (var item in GoldenJson.Cases("amct/sophon_thresholds.json"))
        {
            float[][] samples = SamplesOf(item);
            foreach (var expected in item.GetProperty("kl").EnumerateArray())
            {
                string id = $"{item.Text("id")} {expected.Integer("histogram_bins")}";
                var histogram = new TpuMlirHistogram(expected.Integer("histogram_bins"));
                for (int i = 0; i < samples.Length; i++)
                {
                    using var values = new SampleValues(i, samples[i], new Shape([samples[i].Length]));
                    histogram.Add(values);
                }

                Assert.Equal(expected.Integer("final_bins"), histogram.Counts.Length);
                Assert.True(GoldenJson.SameBits(expected.Single("width"), histogram.Width), id);
                long[] counts = [.. arrays[expected.Text("hist")].Select(c => (long)c)];
                moved += counts.AsSpan().SequenceEqual(histogram.Counts) ? 0 : 1;
                foreach (int levels in new[] { 128, 8 }.Where(l => expected.TryGetProperty($"kl_scores_dst{l}", out _)))
                {
                    var (threshold, best, all) = TpuMlirKlThreshold.Solve(counts, histogram.Width, levels);
                    Assert.True(GoldenJson.SameBits(expected.Single($"kl_threshold_dst{levels}"), threshold), $"{id} {levels}: {threshold:R}");
                    Assert.True(expected.GetProperty($"best_m_dst{levels}").ValueKind != JsonValueKind.Number || expected.Integer($"best_m_dst{levels}") == best, $"{id} {levels}: {best}");
                    float[] golden = arrays[expected.Text($"kl_scores_dst{levels}")];
                    for (int i = 0; i < golden.Length; i++)
                    {
                        Assert.True(float.IsNaN(golden[i]) || GoldenJson.Near(golden[i], all[i]), $"{id} {levels} at {i}: {golden[i]:R} {all[i]:R}");
                        scores++;
                    }

                    // From the samples themselves, too.
                    int bits = levels == 128 ? 8 : 4;
                    var result = ThresholdRuns.Run("tpu-mlir-kl", samples, new QuantType(bits, true), true, ("bins", expected.Integer("histogram_bins")));
                    Assert.True(GoldenJson.SameBits(expected.Single($"kl_threshold_dst{levels}"), (float)result.Figure("kl_threshold")), $"{id} {levels}");
                    compared++;
                }
            }
        }

        // In histograms that grow twice, seven values at the very top land one bin lower than the original's.
        output.WriteLine($"{scores} scores compared, {moved} histograms differ");
        Assert.InRange(moved, 0, 3);
        Compared(compared, 91);
    }

    private static Dictionary<string, float[]> Inputs()
        => Path.Exists(GoldenFile.PathOf("amct/ifmr.npz"))
            ? GoldenFile.Arrays("amct/ifmr.npz").Concat(GoldenFile.Arrays("amct/sophon_thresholds.npz")).DistinctBy(a => a.Key).ToDictionary(StringComparer.Ordinal)
            : [];

    private static bool IsNaN(JsonElement value) => value.GetProperty("v").ValueKind == JsonValueKind.String;

    private float[][] SamplesOf(JsonElement item) => [.. item.Texts("inputs").Select(n => inputs[n])];

    private void Compared(int cases, int least)
    {
        output.WriteLine($"{cases} cases compared");
        Assert.True(cases >= least, $"only {cases} cases where {least} are known");
    }
}
