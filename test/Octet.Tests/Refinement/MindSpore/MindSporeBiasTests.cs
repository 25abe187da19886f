using Octet.Refinement.MindSpore;
using Octet.Tests.Golden;

namespace Octet.Tests.Refinement.MindSpore;

/// <summary>The biases that MindSpore Lite's own code quantized (golden/mindspore, topic 6), bit for bit.</summary>
public sealed class MindSporeBiasTests
{
    private const string Cases = "mindspore/t6_bias_cle.json";
    private const string Arrays = "mindspore/t6_bias_cle.npz";

    [GoldenFact(Cases, Arrays)]
    public void Biases_AndEnlargedScales_AreMindSpores()
    {
        var arrays = GoldenFile.Tensors(Arrays);
        int compared = 0;
        foreach (var item in GoldenJson.Cases(Cases).Where(c => c.TryGetProperty("activation", out _)))
        {
            string id = item.Text("case");
            float[] bias = arrays[id + "__bias"].ToFloats();
            double[] inputs = [.. item.GetProperty("activation").EnumerateArray().Select(a => a.GetProperty("scale").GetDouble())];
            var before = item.GetProperty("weight_before").EnumerateArray().ToArray();
            if (item.Integer("status") != 0)
            {
                double[] scales = [.. before.Select(w => w.GetProperty("scale").GetDouble())];
                Assert.Equal(ErrorCodes.InvalidUsage, Assert.Throws<OctetException>(() => MindSporeBias.Quantize(bias, inputs, scales)).Code);
                continue;
            }

            var quantized = MindSporeBias.Quantize(bias, inputs, arrays[id + "__weight_scale_before"].AsSpan<double>());
            Assert.Equal(arrays[id + "__q"].ToInt64s(), quantized.Values.Select(v => (long)v));
            Assert.Equal(arrays[id + "__bias_scale"].AsSpan<double>().ToArray(), quantized.Scales.AsEnumerable());
            Assert.Equal(arrays[id + "__weight_scale_after"].AsSpan<double>().ToArray(), quantized.FilterScales.AsEnumerable());
            Assert.Equal(item.Truth("overflow"), quantized.Enlarged.Contains(true));
            long[] zeroPoints = arrays[id + "__weight_zp_after"].ToInt64s();
            Assert.All(before.Select((w, i) => (Old: w.Integer("zeroPoint"), Index: i)), w => Assert.Equal(quantized.Enlarged[w.Index] ? 0 : w.Old, zeroPoints[w.Index]));
            compared++;
        }

        Assert.Equal(8, compared);
    }

    [Fact]
    public void AScaleOfZero_ForAllChannels_CountsAsOne()
        => Assert.Equal([3, -2], MindSporeBias.Quantize([2.5f, -2], [0.5], [0]).Values.AsEnumerable());
}
