using System.Text.Json;
using Octet.Calibration.Thresholds.MindSpore;
using Octet.Numerics;
using Octet.Tests.Golden;
using Xunit.Abstractions;

namespace Octet.Tests.Calibration.Thresholds.MindSpore;

/// <summary>Every number that MindSpore Lite's own code gave for ranges (golden/mindspore, topics 1 and 5), bit for bit.</summary>
public sealed class MindSporeGoldenTests(ITestOutputHelper output)
{
    [GoldenFact("mindspore/t1_quant_utils.json")]
    public void EncodeAndSolve_AreMindSpores()
    {
        var cases = GoldenJson.Cases("mindspore/t1_quant_utils.json").ToDictionary(c => c.Text("case"), StringComparer.Ordinal);
        int compared = 0;
        foreach (var row in cases["encode_minmax"].GetProperty("rows").EnumerateArray())
        {
            var (min, max) = MindSporeScale.Encode(row.Single("min"), row.Single("max"), row.Integer("qmin"), row.Integer("qmax"), row.Truth("symmetric"));
            Assert.True(GoldenJson.SameBits(row.Single("encode_min"), min) && GoldenJson.SameBits(row.Single("encode_max"), max), $"{row}: {min:R} {max:R}");
            compared++;
        }

        foreach (var row in cases["cal_quantization_params"].GetProperty("rows").EnumerateArray().Where(r => r.TryGetProperty("scale", out _)))
        {
            var (lowest, highest) = (row.Integer("qmin"), row.Integer("qmax"));
            var (min, max) = MindSporeScale.Encode(row.Single("real_min"), row.Single("real_max"), lowest, highest, row.Truth("symmetric"));
            var (scale, zeroPoint) = MindSporeScale.Solve(min, max, lowest, highest);
            Assert.True(GoldenJson.SameBits(row.Single("scale"), scale) && row.Integer("zeroPoint") == zeroPoint, $"{row}: {scale:R} {zeroPoint}");
            Assert.True(GoldenJson.SameBits(row.Single("min"), min) && GoldenJson.SameBits(row.Single("max"), max), $"{row}: {min:R} {max:R}");
            compared++;
        }

        Compared(compared, 900);
    }

    [GoldenFact("mindspore/t1_quant_utils.json", "mindspore/t1_quant_utils.npz", "mindspore/weights.npz")]
    public void ScalesOfWeights_AreMindSpores()
    {
        var arrays = GoldenFile.Tensors("mindspore/t1_quant_utils.npz");
        var weights = GoldenFile.Arrays("mindspore/weights.npz");
        var cases = GoldenJson.Cases("mindspore/t1_quant_utils.json").Where(c => c.TryGetProperty("scale", out var s) && s.ValueKind == JsonValueKind.String).ToArray();
        int scales = 0;
        foreach (var item in cases)
        {
            string id = item.Text("case");
            float[] values = weights[item.Text("weight")];
            int[] dims = [.. item.GetProperty("dims").EnumerateArray().Select(d => d.GetInt32())];
            int axis = item.Integer("preferred_dim");
            int inner = dims[(axis + 1)..].Aggregate(1, (a, b) => a * b);
            var channels = values.Select((v, i) => (Value: v, Channel: item.Truth("per_channel") ? i / inner % dims[axis] : 0)).ToLookup(v => v.Channel, v => v.Value);
            double[] scale = Doubles(arrays[Key(item.Text("scale"))]);
            double[] zeroPoint = Doubles(arrays[Key(item.Text("zp"))]);
            Assert.Equal(channels.Count, scale.Length);
            foreach (var channel in channels)
            {
                var (lowest, highest) = (item.Integer("qmin"), item.Integer("qmax"));
                var (min, max) = MindSporeScale.Encode(channel.Min(), channel.Max(), lowest, highest, item.Truth("symmetric"));
                var (solved, zero) = MindSporeScale.Solve(min, max, lowest, highest);
                Assert.True((float)scale[channel.Key] == solved && zeroPoint[channel.Key] == zero, $"{id} channel {channel.Key}: {solved:R} {zero}");
                Assert.True(GoldenJson.SameBits((float)Doubles(arrays[Key(item.Text("min"))])[channel.Key], min), id);
                Assert.True(GoldenJson.SameBits((float)Doubles(arrays[Key(item.Text("max"))])[channel.Key], max), id);
                scales++;
            }
        }

        output.WriteLine($"{scales} scales compared");
        Compared(cases.Length, 282);
    }

    [GoldenFact("mindspore/t5_activation.json", "mindspore/t5_activation.npz")]
    public void ActivationMethods_AreMindSpores()
    {
        var arrays = GoldenFile.Arrays("mindspore/t5_activation.npz");
        var cases = GoldenJson.Cases("mindspore/t5_activation.json").Where(c => c.TryGetProperty("method", out _)).ToArray();
        foreach (var item in cases)
        {
            string id = item.Text("case");
            var batches = Batches(arrays[Key(item.Text("data"))], item.GetProperty("batch_sizes"));
            string method = "mindspore-" + item.Text("method").ToLowerInvariant().Replace('_', '-');
            var type = item.Integer("qmin") == 0 ? QuantType.UInt8 : QuantType.Int8;
            var result = ThresholdRuns.Run(method, batches, type, item.Truth("symmetric"));
            if (item.Integer("status") == 0 && item.GetProperty("scale").GetDouble() > 0)
            {
                Assert.True(GoldenJson.SameBits(item.Single("scale"), result.Params!.Scale), $"{id}: {result.Params.Scale:R}");
                Assert.True(item.Integer("zeroPoint") == result.Params.ZeroPoint, $"{id}: {result.Params.ZeroPoint}");
                Assert.True(GoldenJson.SameBits(item.Single("encode_min"), (float)result.Figure("encode_min")), id);
                Assert.True(GoldenJson.SameBits(item.Single("encode_max"), (float)result.Figure("encode_max")), id);
            }

            switch (item.Text("method"))
            {
                case "KL":
                    Assert.True(GoldenJson.SameBits(item.Single("T"), (float)result.Figure("T")), id);
                    Assert.True(GoldenJson.SameBits(item.Single("interval"), (float)result.Figure("interval")), id);
                    if (item.GetProperty("threshold_bin").ValueKind == JsonValueKind.Number)
                    {
                        Assert.Equal(item.Integer("threshold_bin"), (int)result.Figure("threshold_bin"));
                    }

                    break;
                case "REMOVAL_OUTLIER":
                    Assert.True(GoldenJson.SameBits(item.Single("quantile_min"), (float)result.Figure("quantile_min")), id);
                    Assert.True(GoldenJson.SameBits(item.Single("quantile_max"), (float)result.Figure("quantile_max")), id);
                    break;
            }
        }

        Compared(cases.Length, 169);
    }

    [GoldenFact("mindspore/t5_activation.json", "mindspore/t5_activation.npz")]
    public void KlHistogramsAndCurves_AreMindSpores()
    {
        var arrays = GoldenFile.Arrays("mindspore/t5_activation.npz");
        var cases = GoldenJson.Cases("mindspore/t5_activation.json").Where(c => c.TryGetProperty("histogram", out _)).ToArray();
        int compared = 0;
        foreach (var item in cases)
        {
            string id = item.Text("case");
            float[] histogram = arrays[Key(item.Text("histogram"))];
            var (cut, _, curve) = new MindSporeDivergence(histogram).Solve();
            Assert.True(item.GetProperty("threshold_bin").ValueKind != JsonValueKind.Number || item.Integer("threshold_bin") == cut, $"{id}: {cut}");
            float[] expected = arrays[Key(item.Text("kl_curve"))];
            Assert.Equal(expected.Length, curve.Length);
            for (int i = 0; i < curve.Length; i++)
            {
                Assert.True(float.IsNaN(expected[i]) ? float.IsNaN(curve[i]) : GoldenJson.Near(expected[i], curve[i], 1e-6), $"{id} at {i}: {expected[i]:R} {curve[i]:R}");
                compared++;
            }
        }

        output.WriteLine($"{compared} divergences compared");
        Compared(cases.Length, 29);
    }

    private static double[] Doubles(Tensor tensor) => tensor.Type == ElementType.Float64 ? tensor.AsSpan<double>().ToArray() : [.. tensor.ToFloats().Select(v => (double)v)];

    private static string Key(string name) => name.Replace("/", "__", StringComparison.Ordinal);

    private static float[][] Batches(float[] data, JsonElement sizes)
    {
        var batches = new List<float[]>();
        int start = 0;
        foreach (int size in sizes.EnumerateArray().Select(s => s.GetInt32()))
        {
            batches.Add(data[start..(start + size)]);
            start += size;
        }

        return [.. batches];
    }

    private void Compared(int cases, int least)
    {
        output.WriteLine($"{cases} cases compared");
        Assert.True(cases >= least, $"only {cases} cases where {least} are known");
    }
}
