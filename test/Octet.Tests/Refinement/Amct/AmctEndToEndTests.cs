using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Octet.Calibration;
using Octet.Calibration.Thresholds;
using Octet.Data;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Refinement;
using Octet.Refinement.Amct;
using Octet.Tests.Golden;
using Xunit.Abstractions;

namespace Octet.Tests.Refinement.Amct;

/// <summary>
/// Ascend AMCT's runs on a small network from beginning to end (golden/amct, e2e): our folding, balancing, weights, float runs, thresholds and constants. Weights, their scales, biases and words
/// must be AMCT's, scales of activations within 10^−6.
/// </summary>
public sealed partial class AmctEndToEndTests(ITestOutputHelper output)
{
    private const string Cases = "amct/e2e.json";
    private const string Arrays = "amct/e2e.npz";
    private const double Tolerance = 1e-6;

    [GoldenTheory(Cases, Arrays)]
    [InlineData("default_ifmr")]
    [InlineData("no_offset")]
    [InlineData("hfmg1024")]
    [InlineData("bits6")]
    [InlineData("per_tensor_skip")]
    [InlineData("no_fusion")]
    [InlineData("skip_fusion_dw")]
    [InlineData("dmq")]
    public void AllRuns_GiveAmctsConstants(string id)
    {
        var arrays = GoldenFile.Tensors(Arrays);
        var item = GoldenJson.Cases(Cases).Single(c => c.Text("id") == id);
        var settings = item.GetProperty("config_json");
        var records = Records(item.Text("record_text"));
        var balances = Balances(item, arrays, settings, records);
        var model = AmctNetwork.Make(arrays, settings, balances);
        var layers = AmctNetwork.Layers.Where(l => settings.GetProperty(l.Layer).Truth("quant_enable")).ToArray();
        var weights = layers.Where(l => l.Layer != "pool").ToDictionary(
            l => l.Layer,
            l => AmctModel.RoundWeights(AmctNetwork.LayerOf(model, l.Layer), Weight(settings, l.Layer).Integer("num_bits"), Weight(settings, l.Layer).Truth("channel_wise")),
            StringComparer.Ordinal);
        foreach (var (layer, rounded) in weights)
        {
            Assert.Equal(records[layer].WeightScales, rounded.Scales);
            var integers = arrays[$"{id}:deploy:{layer}.sub_module.weight"];
            Assert.Equal(layer == "fc" ? Transposed(integers) : integers.ToInt64s(), rounded.Values.ToInt64s());
            if (AmctNetwork.LayerOf(model, layer).Input(2)?.Constant is { } bias)
            {
                string name = arrays.ContainsKey($"{id}:deploy:{layer}.sub_module.bias") ? $"{id}:deploy:{layer}.sub_module.bias" : $"{id}:deploy:{layer}.bias";
                Assert.Equal(arrays[name].ToInt64s(), AmctArithmetic.QuantizeBias(bias.ToFloats(), rounded.Scales.AsSpan(), records[layer].Scale).Select(v => (long)v));
            }
        }

        var observed = AmctModel.Observed(model, weights.ToDictionary(w => AmctNetwork.LayerOf(model, w.Key).Output.Name, w => w.Value, StringComparer.Ordinal));
        var solved = Solve(observed, arrays, settings, [.. layers.Select(l => (l.Layer, AmctNetwork.SeenBy(l.Layer, balances.ContainsKey(l.Layer))))]);
        foreach (var (layer, _) in layers)
        {
            var (scale, offset) = solved[layer];
            output.WriteLine($"{layer}: {scale:R} for {records[layer].Scale:R}");
            Assert.True(Math.Abs(scale - records[layer].Scale) <= Tolerance * records[layer].Scale, $"{layer}: {scale:R} for {records[layer].Scale:R}");
            Assert.Equal(records[layer].Offset, offset);
            float[] scales = layer == "pool" ? [1] : [.. weights[layer].Scales];
            var words = item.GetProperty("deploy").GetProperty("initializers").GetProperty(layer + ".dequant.param").Texts("hex");
            Assert.Equal(words.Select(h => ulong.Parse(h, NumberStyles.HexNumber, CultureInfo.InvariantCulture)), AmctArithmetic.DequantizationWords(scales, new int[scales.Length], records[layer].Scale));
        }
    }

    /// <summary>The factors of the layers that are balanced, and that they are AMCT's.</summary>
    private static Dictionary<string, float[]> Balances(JsonElement item, IReadOnlyDictionary<string, Tensor> arrays, JsonElement settings, Dictionary<string, LayerRecord> records)
    {
        string[] balanced = [.. AmctNetwork.Layers.Select(l => l.Layer).Where(l => settings.GetProperty(l).TryGetProperty("dmq_balancer_param", out var p) && p.ValueKind == JsonValueKind.Number)];
        var balances = new Dictionary<string, float[]>(StringComparer.Ordinal);
        if (balanced.Length == 0)
        {
            return balances;
        }

        // Factors of 1 change nothing, and make what the quantizers see outputs of nodes, which can be observed.
        var model = AmctNetwork.Make(arrays, settings, balanced.ToDictionary(l => l, l => records[l].Balance.Select(_ => 1f).ToArray(), StringComparer.Ordinal));
        var extremes = ChannelExtremes.Observe(model, AmctNetwork.Samples(arrays), [.. balanced.Select(l => AmctNetwork.SeenBy(l, balanced: true))], 1, CancellationToken.None);
        foreach (string layer in balanced)
        {
            float[] activations = extremes[AmctNetwork.SeenBy(layer, balanced: true)].Largest;
            float[] weights = AmctNetwork.LargestOfInputs(model, layer, activations.Length);
            balances[layer] = MigrationFactors.Of(activations, weights, settings.GetProperty(layer).GetProperty("dmq_balancer_param").GetDouble());
            Assert.All(balances[layer].Zip(records[layer].Balance), p => Assert.InRange(p.First, p.Second * (1 - Tolerance), p.Second * (1 + Tolerance)));
        }

        Assert.Equal("dmq", item.Text("id"));

        // Powers differ by two units in the last place: from here on with AMCT's own.
        return records.Where(r => r.Value.Balance.Length > 0).ToDictionary(r => r.Key, r => r.Value.Balance, StringComparer.Ordinal);
    }

    private static Dictionary<string, (float Scale, int Offset)> Solve(Model observed, IReadOnlyDictionary<string, Tensor> arrays, JsonElement settings, (string Layer, string Tensor)[] layers)
    {
        var methods = layers.ToDictionary(l => l.Layer, l => MethodOf(settings.GetProperty(l.Layer).GetProperty("activation_quant_params")), StringComparer.Ordinal);
        var needs = methods.Values.SelectMany(m => m.Method.Needs(QuantType.Int8, m.Symmetric, m.Settings)).Distinct();
        var statistics = CalibrationSweep.Run(
            observed,
            SampleSources.FromMemory(AmctNetwork.Samples(arrays)),
            new SweepRequest { Tensors = [.. layers.Select(l => l.Tensor).Distinct()], Needs = [.. needs] },
            workers: 1).Tensors;
        return layers.ToDictionary(
            l => l.Layer,
            l =>
            {
                var (method, symmetric, given) = methods[l.Layer];
                var solved = method.Compute(statistics[l.Tensor], QuantType.Int8, symmetric, given).Params!;
                return (solved.Scale, solved.ZeroPoint);
            },
            StringComparer.Ordinal);
    }

    private static (IThresholdMethod Method, bool Symmetric, ThresholdSettings Settings) MethodOf(JsonElement settings)
    {
        var method = ThresholdMethods.Find(settings.Text("act_algo"));
        var given = new Dictionary<string, double>();
        foreach (string name in new[] { "max_percentile", "min_percentile", "search_step", "num_of_bins" }.Where(n => settings.TryGetProperty(n, out _)))
        {
            given[name] = settings.GetProperty(name).GetDouble();
        }

        if (settings.TryGetProperty("search_range", out var range))
        {
            (given["search_start"], given["search_end"]) = (range[0].GetDouble(), range[1].GetDouble());
        }

        return (method, !settings.Truth("asymmetric"), new ThresholdSettings(method, given));
    }

    private static JsonElement Weight(JsonElement settings, string layer) => settings.GetProperty(layer).GetProperty("weight_quant_params");

    // Inputs × outputs, where the layer has outputs × inputs.
    private static long[] Transposed(Tensor matrix)
    {
        long[] values = matrix.ToInt64s();
        var (rows, columns) = ((int)matrix.Shape[0], (int)matrix.Shape[1]);
        return [.. Enumerable.Range(0, columns).SelectMany(c => Enumerable.Range(0, rows).Select(r => values[(r * columns) + c]))];
    }

    private static Dictionary<string, LayerRecord> Records(string text) => RecordPattern().Matches(text).ToDictionary(
        m => m.Groups[1].Value,
        m =>
        {
            float[] Of(string field) => [.. Regex.Matches(m.Groups[2].Value, field + ": (\\S+)").Select(v => float.Parse(v.Groups[1].Value, CultureInfo.InvariantCulture))];
            return new LayerRecord(Of("scale_d").Single(), (int)Of("offset_d").Single(), Of("scale_w"), Of("tensor_balance_factor"));
        },
        StringComparer.Ordinal);

    [GeneratedRegex("""key: "(\w+)"(.*?)\n  \}\n\}""", RegexOptions.Singleline)]
    private static partial Regex RecordPattern();

    private sealed record LayerRecord(float Scale, int Offset, float[] WeightScales, float[] Balance);
}
