using System.Security.Cryptography;
using System.Text.Json;
using Octet.Numerics;
using Octet.Refinement.MindSpore;
using Octet.Tests.Golden;
using Xunit.Abstractions;

namespace Octet.Tests.Refinement.MindSpore;

/// <summary>Every integer, scale, zero point and correction that MindSpore Lite's own code gave for weights (golden/mindspore, topics 1, 2 and 7), bit for bit.</summary>
public sealed class MindSporeWeightsTests(ITestOutputHelper output)
{
    private const string Weights = "mindspore/weights.npz";

    // WEIGHT_QUANT of the recorded cases: the only kind with corrections.
    private const int Stored = 4;

    [GoldenFact("mindspore/t1_quant_utils.json", "mindspore/t1_quant_utils.npz")]
    public void Quantize_IsMindSpores()
    {
        var arrays = GoldenFile.Arrays("mindspore/t1_quant_utils.npz");
        int compared = 0;
        foreach (var item in Cases("mindspore/t1_quant_utils.json", "x"))
        {
            var (lowest, highest) = (item.Integer("qmin"), item.Integer("qmax"));
            int positive = (int)Math.Log2(highest + 1);
            var type = lowest == 0 ? new QuantType(positive, false) : new QuantType(1 + positive, true) { Narrow = lowest == -highest };
            Assert.Equal((lowest, highest), (type.Min, type.Max));
            var (values, expected) = (arrays[Key(item, "x")], arrays[Key(item, "q")]);
            for (int i = 0; i < values.Length; i++)
            {
                int actual = MindSporeWeights.Quantize(values[i], item.GetProperty("scale").GetDouble(), item.Integer("zeroPoint"), type);
                Assert.True(expected[i] == actual, $"{item.Text("case")} {values[i]:R}: {expected[i]} {actual}");
                compared++;
            }
        }

        output.WriteLine($"{compared} integers compared");
        Assert.Equal(12 * 246, compared);
    }

    [GoldenFact("mindspore/t1_quant_utils.json", "mindspore/t1_quant_utils.npz", Weights)]
    public void Weights_AndTheirCorrections_AreMindSpores()
    {
        var arrays = GoldenFile.Tensors("mindspore/t1_quant_utils.npz");
        var weights = GoldenFile.Arrays(Weights);
        int compared = 0;
        int left = 0;
        foreach (var item in Cases("mindspore/t1_quant_utils.json", "quant_type"))
        {
            string id = item.Text("case");
            var rounded = MindSporeWeights.Round(
                Weight(item, weights),
                item.Integer("bits"),
                item.Truth("per_channel") ? item.Integer("preferred_dim") : null,
                item.Truth("symmetric"),
                item.Truth("bias_correction") && item.Integer("quant_type") == Stored);
            if (item.Integer("status") != 0)
            {
                Assert.True(rounded is null, id);
                left++;
                continue;
            }

            AssertIntegers(item, arrays, rounded, id);
            Assert.Equal(arrays[Key(item, "varCorr")].ToFloats(), rounded!.VarianceCorrections);
            Assert.Equal(arrays[Key(item, "meanCorr")].ToFloats(), rounded.MeanCorrections);
            byte[] dequantized = System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(rounded.Dequantize().ToFloats()).ToArray();
            Assert.True(item.Text("dequant_sha256") == Convert.ToHexStringLower(SHA256.HashData(dequantized)), id);
            compared++;
        }

        output.WriteLine($"{compared} weights compared, {left} left float");
        Assert.Equal((282, 6), (compared, left));
    }

    [GoldenFact("mindspore/t2_compression.json", "mindspore/t2_compression.npz", Weights)]
    public void WeightsToCompress_AreMindSpores()
    {
        var arrays = GoldenFile.Tensors("mindspore/t2_compression.npz");
        var weights = GoldenFile.Arrays(Weights);
        int compared = 0;
        int left = 0;
        foreach (var item in Cases("mindspore/t2_compression.json", "quant_status"))
        {
            string id = item.Text("case");
            var rounded = MindSporeWeights.Round(Weight(item, weights), item.Integer("bits"), item.Truth("per_channel") ? item.Integer("preferred_dim") : null, correct: true);
            if (item.Integer("quant_status") != 0)
            {
                Assert.True(rounded is null, id);
                left++;
                continue;
            }

            AssertIntegers(item, arrays, rounded, id);
            compared++;
        }

        output.WriteLine($"{compared} weights compared, {left} left float");
        Assert.True(compared >= 200 && left > 0, $"only {compared} weights compared, {left} left float");
    }

    [GoldenFact("mindspore/t7_dynamic.json", "mindspore/t7_dynamic.npz", Weights)]
    public void WeightsOfDynamicLayers_AreMindSpores()
    {
        var arrays = GoldenFile.Tensors("mindspore/t7_dynamic.npz");
        var weights = GoldenFile.Arrays(Weights);
        int compared = 0;
        foreach (var item in Cases("mindspore/t7_dynamic.json", "weight"))
        {
            bool isGather = !item.TryGetProperty("strategy", out var strategy);
            int? axis = isGather ? item.Integer("axis") : strategy.GetString() == "ALWC" ? item.Integer("preferred_dim") : null;
            AssertIntegers(item, arrays, MindSporeWeights.Round(Weight(item, weights), 8, axis, symmetric: !isGather), item.Text("case"));
            compared++;
        }

        output.WriteLine($"{compared} weights compared");
        Assert.True(compared >= 8, $"only {compared} weights compared");
    }

    [Theory]
    [InlineData(0, null, false)]
    [InlineData(17, null, false)]
    [InlineData(1, null, true)]
    [InlineData(8, 2, false)]
    [InlineData(8, -1, false)]
    public void WhatIsOutOfRange_IsRefused(int bits, int? axis, bool symmetric)
        => Assert.Equal(ErrorCodes.InvalidUsage, Assert.Throws<OctetException>(() => MindSporeWeights.Round(Tensor.FromArray([1f, 2], new Shape(1, 2)), bits, axis, symmetric)).Code);

    [Fact]
    public void WeightsThatAreNotFinite_AreRefused()
        => Assert.Equal(ErrorCodes.NonFiniteWeight, Assert.Throws<OctetException>(() => MindSporeWeights.Round(Tensor.FromArray([1f, float.NaN], new Shape(2)), 8, null)).Code);

    private static void AssertIntegers(JsonElement item, IReadOnlyDictionary<string, Tensor> arrays, CorrectedWeights? rounded, string id)
    {
        Assert.True(rounded is not null, id);
        Assert.True(arrays[Key(item, "q")].ToInt64s().SequenceEqual(rounded.Values.ToInt64s()), id);
        Assert.True(arrays[Key(item, "scale")].AsSpan<double>().ToArray().SequenceEqual(rounded.Params.Scales.Select(s => (double)s)), id);
        Assert.True(arrays[Key(item, "zp")].ToInt64s().SequenceEqual(rounded.Params.ZeroPoints.Select(z => (long)z)), id);
    }

    private static Tensor Weight(JsonElement item, IReadOnlyDictionary<string, float[]> weights)
        => Tensor.FromArray(weights[item.Text("weight")], new Shape([.. item.GetProperty("dims").EnumerateArray().Select(d => d.GetInt64())]));

    private static JsonElement[] Cases(string file, string with) => [.. GoldenJson.Cases(file).Where(c => c.TryGetProperty(with, out _))];

    private static string Key(JsonElement item, string name) => item.Text(name).Replace("/", "__", StringComparison.Ordinal);
}
