using System.Text.Json;
using Octet.Calibration.Statistics;
using Octet.Calibration.Thresholds;
using Octet.Calibration.Thresholds.Amct;
using Octet.Numerics;
using Octet.Tests.Golden;
using Xunit.Abstractions;

namespace Octet.Tests.Calibration.Thresholds.Amct;

/// <summary>Every number that Ascend AMCT's own code gave (golden/amct), bit for bit.</summary>
public sealed class AmctGoldenTests(ITestOutputHelper output)
{
    [GoldenFact("amct/scale_offset.json")]
    public void ScaleOffset_IsAmcts()
    {
        var cases = GoldenJson.Cases("amct/scale_offset.json");
        foreach (var item in cases)
        {
            int bits = int.Parse(item.Text("data_type")[3..], System.Globalization.CultureInfo.InvariantCulture);
            var (scale, offset) = AmctScale.Of(item.Single("max"), item.Single("min"), item.Truth("asymmetric"), bits);
            Assert.True(GoldenJson.SameBits(item.Single("scale"), scale) && item.Integer("offset") == offset, $"{item.Text("id")}: {scale} {offset}");
        }

        Compared(cases.Length, 300);
    }

    [GoldenFact("amct/ifmr.json", "amct/ifmr.npz")]
    public void Ifmr_IsAmcts()
    {
        var arrays = GoldenFile.Arrays("amct/ifmr.npz");
        var cases = GoldenJson.Cases("amct/ifmr.json");
        int losses = 0;
        foreach (var item in cases)
        {
            string id = item.Text("id");
            float[][] batches = [.. item.Texts("inputs").Select(n => arrays[n])];
            var p = item.GetProperty("params");
            var result = Ifmr(batches, p);
            AssertSolved(item, result);
            Assert.True(GoldenJson.SameBits(item.Single("max_value"), (float)result.Figure("max_value")), id);
            Assert.True(GoldenJson.SameBits(item.Single("min_value"), (float)result.Figure("min_value")), id);
            Assert.True(GoldenJson.SameBits(item.Single("best_ratio_f32"), (float)result.Figure("best_ratio")), id);
            Assert.Equal(item.Integer("num_candidates"), (int)result.Figure("num_candidates"));
            Assert.Equal(item.Integer("best_index"), (int)result.Figure("best_index"));
            if (item.TryGetProperty("bound_negative", out var negative))
            {
                Assert.Equal(negative.GetBoolean(), result.Figure("bound_negative") == 1);
            }

            // Of all candidates, those summed in double by the original's recorder.
            var search = new IfmrSearch(
                item.Single("max_value"), item.Single("min_value"), p.Integer("num_bits"), p.Truth("with_offset"),
                (p.GetProperty("search_start").GetDouble(), p.GetProperty("search_end").GetDouble(), p.GetProperty("search_step").GetDouble()));
            double[] sums = new double[search.Count];
            float[] all = [.. batches.SelectMany(b => b)];
            search.AddErrors(all, sums);
            float[] expected = arrays[item.Text("losses_double_sum")];
            Assert.Equal(expected.Length, sums.Length);
            for (int i = 0; i < sums.Length; i++)
            {
                Assert.True(GoldenJson.Near(expected[i], sums[i] / all.Length, 1e-6), $"{id} loss {i}: {expected[i]} {sums[i] / all.Length}");
                losses++;
            }
        }

        output.WriteLine($"{losses} losses compared");
        Compared(cases.Length, 123);
    }

    [GoldenFact("amct/ifmr.json")]
    public void Ratios_AreAmcts()
    {
        var counts = GoldenJson.Cases("amct/ifmr.json", "candidate_counts");
        foreach (var item in counts)
        {
            float[] ratios = IfmrSearch.Ratios(item.GetProperty("start").GetDouble(), item.GetProperty("end").GetDouble(), item.GetProperty("step").GetDouble());
            Assert.Equal(item.Integer("count"), ratios.Length);
            Assert.True(GoldenJson.SameBits(item.Single("last"), ratios[^1]), item.ToString());
        }

        float[] expected = GoldenFile.Arrays("amct/ifmr.npz")["ratios_0.7_1.3_0.01"];
        Assert.Equal(expected, IfmrSearch.Ratios(0.7, 1.3, 0.01));
        Compared(counts.Length, 14);
    }

    [GoldenFact("amct/hfmg.json", "amct/hfmg.npz")]
    public void Hfmg_IsAmcts()
    {
        var arrays = GoldenFile.Arrays("amct/hfmg.npz");
        var cases = GoldenJson.Cases("amct/hfmg.json");
        int histograms = 0;
        int losses = 0;
        foreach (var item in cases)
        {
            string id = item.Text("id");
            var p = item.GetProperty("params");
            long[] counts = [.. arrays[item.Text("hist")].Select(c => (long)c)];
            var ranges = HfmgSearch.Ranges(counts);
            Assert.Equal(arrays[item.Text("search_ranges")], ranges.SelectMany(r => new float[] { r.Left, r.Right }));
            if (!item.TryGetProperty("inputs", out _))
            {
                AssertSolvedFromHistogram(item, counts, ranges);
                continue;
            }

            float[][] batches = [.. item.Texts("inputs").Select(n => arrays[n])];
            var histogram = new HfmgHistogram(counts.Length);
            for (int i = 0; i < batches.Length; i++)
            {
                using (var values = new SampleValues(i, batches[i], new Shape([batches[i].Length])))
                {
                    histogram.Add(values);
                }

                if (item.TryGetProperty("before_last_batch", out var before) && i < batches.Length - 1)
                {
                    Assert.Equal(arrays[before[i].Text("hist")], histogram.Counts.ToArray().Select(c => (float)c));
                    histograms++;
                }
            }

            Assert.Equal(counts, histogram.Counts.ToArray());
            Assert.True(GoldenJson.SameBits(item.Single("range_min"), histogram.Min) && GoldenJson.SameBits(item.Single("range_max"), histogram.Max), id);
            var result = Hfmg(batches, p);
            AssertSolved(item, result);
            if (histogram.Min < histogram.Max)
            {
                Assert.Equal(item.Integer("num_ranges"), (int)result.Figure("num_ranges"));
                Assert.Equal(item.Integer("best_index"), (int)result.Figure("best_index"));
                Assert.Equal((item.Integer("best_left"), item.Integer("best_right")), ((int)result.Figure("best_left"), (int)result.Figure("best_right")));
                Assert.True(IsLoss(item.Single("loss_at_best_f32"), result.Figure("loss")), id);
                double inDoubles = HfmgSearch.Loss(counts, ((double)histogram.Max - histogram.Min) / counts.Length, ranges[item.Integer("best_index")], p.Integer("num_bits"));
                Assert.True(GoldenJson.Near(item.GetProperty("loss_at_best_f64").GetDouble(), inDoubles, 1e-6), $"{id}: {item.GetProperty("loss_at_best_f64").GetDouble():R} {inDoubles:R}");
                losses += CompareLosses(id, arrays[item.Text("losses")], histogram, ranges, p.Integer("num_bits"));
            }
        }

        output.WriteLine($"{histograms} merged histograms and {losses} losses compared");
        Compared(cases.Length, 61);
    }

    [GoldenFact("amct/arq.json", "amct/arq.npz")]
    public void Arq_IsAmcts()
    {
        var arrays = GoldenFile.Tensors("amct/arq.npz");
        var cases = GoldenJson.Cases("amct/arq.json").Where(c => c.TryGetProperty("scale_w", out _)).ToArray();
        foreach (var item in cases)
        {
            var weight = arrays[item.Text("weight")];
            var channels = ChannelsOf(weight, item.TryGetProperty("layout", out var layout) ? layout.GetString()! : "OI");
            var p = item.GetProperty("params");
            bool symmetric = !p.Truth("with_offset");
            bool each = p.Truth("channel_wise");
            AssertArq(item, each ? channels : [[.. channels.SelectMany(c => c)]], p.TryGetProperty("num_bits", out var bits) ? bits.GetInt32() : 8, symmetric);
        }

        Compared(cases.Length, 66);
    }

    [GoldenFact("amct/real_activations.json", "amct/real_activations.npz")]
    public void RealActivations_AreAmcts()
    {
        var arrays = GoldenFile.Arrays("amct/real_activations.npz");
        var cases = GoldenJson.Cases("amct/real_activations.json");
        foreach (var item in cases)
        {
            float[][] batches = [.. item.Texts("inputs").Select(n => arrays[n])];
            var p = item.GetProperty("params");
            var result = item.Text("algo") == "ifmr" ? Ifmr(batches, p) : Hfmg(batches, p);
            AssertSolved(item, result);
            Assert.Equal(item.Integer("best_index"), (int)result.Figure("best_index"));
            double tolerance = item.Text("algo") == "ifmr" ? 1e-6 : 1e-5;
            Assert.True(GoldenJson.Near(item.Single("loss_at_best_f32"), result.Figure("loss"), tolerance), item.Text("id"));
        }

        Compared(cases.Length, 48);
    }

    private static ThresholdResult Ifmr(float[][] batches, JsonElement p) => ThresholdRuns.Run(
        "ifmr", batches, new QuantType(p.Integer("num_bits"), true), !p.Truth("with_offset"),
        [.. new[] { "max_percentile", "min_percentile", "search_start", "search_end", "search_step" }.Select(n => (n, p.GetProperty(n).GetDouble()))]);

    private static ThresholdResult Hfmg(float[][] batches, JsonElement p) => ThresholdRuns.Run(
        "hfmg", batches, new QuantType(p.Integer("num_bits"), true), !p.Truth("with_offset"), ("nbins", p.Integer("nbins")));

    private static int CompareLosses(string id, float[] expected, HfmgHistogram histogram, List<(int Left, int Right)> ranges, int bits)
    {
        Assert.Equal(ranges.Count, expected.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            double loss = HfmgSearch.Loss(histogram.Counts, histogram.Width, ranges[i], bits);
            Assert.True(IsLoss(expected[i], loss), $"{id} loss {i}: {expected[i]:R} {loss:R}");
        }

        return expected.Length;
    }

    // Relative 1e-5 and absolute 1e-5 together, as the golden numbers are to be compared.
    private static bool IsLoss(double expected, double actual) => Math.Abs(expected - actual) <= 1e-5 * (1 + Math.Abs(expected));

    private static void AssertSolved(JsonElement item, ThresholdResult result)
    {
        string id = item.Text("id");
        Assert.True(GoldenJson.SameBits(item.Single("scale_d"), result.Params!.Scale), $"{id}: {result.Params.Scale}");
        Assert.True(item.Integer("offset_d") == result.Params.ZeroPoint, $"{id}: {result.Params.ZeroPoint}");
        Assert.True(GoldenJson.SameBits(item.Single("clip_max"), (float)result.Figure("clip_max")), id);
        Assert.True(GoldenJson.SameBits(item.Single("clip_min"), (float)result.Figure("clip_min")), id);
    }

    private static void AssertSolvedFromHistogram(JsonElement item, long[] counts, List<(int Left, int Right)> ranges)
    {
        var (min, max) = (item.Single("range_min"), item.Single("range_max"));
        var p = item.GetProperty("params");
        int bits = p.Integer("num_bits");
        float width = (max - min) / counts.Length;
        var chosen = ranges.MinBy(r => HfmgSearch.Loss(counts, width, r, bits));
        var (scale, offset) = AmctScale.Of(min + (chosen.Right + 1) * width, min + chosen.Left * width, p.Truth("with_offset"), bits);
        Assert.True(GoldenJson.SameBits(item.Single("scale_d"), scale) && item.Integer("offset_d") == offset, item.Text("id"));
    }

    private static void AssertArq(JsonElement item, float[][] channels, int bits, bool symmetric)
    {
        var scales = item.GetProperty("scale_w");
        var offsets = item.GetProperty("offset_w");
        Assert.Equal(channels.Length, scales.GetArrayLength());
        for (int i = 0; i < channels.Length; i++)
        {
            var result = ThresholdRuns.Run("arq", [channels[i]], new QuantType(bits, true), symmetric);
            Assert.True(GoldenJson.SameBits(scales[i].Single(), result.Params!.Scale), $"{item.Text("id")} channel {i}: {result.Params.Scale}");
            Assert.Equal((int)offsets[i].GetDouble(), result.Params.ZeroPoint);
        }
    }

    /// <summary>The values of each output channel; transposed convolutions have the output channels of a group second.</summary>
    private static float[][] ChannelsOf(Tensor weight, string layout)
    {
        float[] values = weight.ToFloats();
        int[] shape = [.. weight.Shape.Dimensions.Select(d => (int)d)];
        if (!layout.StartsWith("IOHW", StringComparison.Ordinal))
        {
            return [.. values.Chunk(values.Length / shape[0])];
        }

        int groups = layout.Contains("group 2", StringComparison.Ordinal) ? 2 : 1;
        int kernel = shape[2] * shape[3];
        return [.. Enumerable.Range(0, groups * shape[1]).Select(channel => Enumerable.Range(0, shape[0] / groups)
            .SelectMany(i => values.Skip(((channel / shape[1] * (shape[0] / groups) + i) * shape[1] + channel % shape[1]) * kernel).Take(kernel)).ToArray())];
    }

    private void Compared(int cases, int least)
    {
        output.WriteLine($"{cases} cases compared");
        Assert.True(cases >= least, $"only {cases} cases where {least} are known");
    }
}
