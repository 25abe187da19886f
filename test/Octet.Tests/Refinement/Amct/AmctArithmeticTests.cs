using System.Globalization;
using Octet.Refinement.Amct;
using Octet.Tests.Golden;

namespace Octet.Tests.Refinement.Amct;

/// <summary>The biases, words and integers that Ascend AMCT's own code gave (golden/amct/bias_dequant), bit for bit.</summary>
public sealed class AmctArithmeticTests
{
    private const string Cases = "amct/bias_dequant.json";
    private const string Arrays = "amct/bias_dequant.npz";

    [GoldenFact(Cases, Arrays)]
    public void Biases_AreAmcts()
    {
        var arrays = GoldenFile.Arrays(Arrays);
        int compared = 0;
        foreach (var item in GoldenJson.Cases(Cases).Where(c => c.Text("kind") == "bias"))
        {
            var (bias, scales) = (arrays[item.Text("bias")], arrays[item.Text("scale_w")]);
            if (item.TryGetProperty("error", out _))
            {
                Assert.Equal(ErrorCodes.InvalidUsage, Assert.Throws<OctetException>(() => AmctArithmetic.QuantizeBias(bias, scales, item.Single("scale_d"))).Code);
            }
            else
            {
                Assert.Equal(item.GetProperty("int32").EnumerateArray().Select(v => v.GetInt32()), AmctArithmetic.QuantizeBias(bias, scales, item.Single("scale_d")));
            }

            compared++;
        }

        Assert.Equal(8, compared);
    }

    [GoldenFact(Cases, Arrays)]
    public void DequantizationWords_AreAmcts()
    {
        var arrays = GoldenFile.Arrays(Arrays);
        int compared = 0;
        foreach (var item in GoldenJson.Cases(Cases).Where(c => c.Text("kind") == "dequant"))
        {
            int[] offsets = [.. item.GetProperty("offset_w").EnumerateArray().Select(o => (int)o.GetDouble())];
            ulong[] words = AmctArithmetic.DequantizationWords(arrays[item.Text("scale_w")], offsets, item.Single("scale_d"));
            Assert.Equal(item.Texts("param_hex").Select(h => ulong.Parse(h, NumberStyles.HexNumber, CultureInfo.InvariantCulture)), words);
            compared++;
        }

        Assert.Equal(3, compared);
    }

    [GoldenFact(Cases, Arrays)]
    public void Activations_AreAmcts()
    {
        var arrays = GoldenFile.Arrays(Arrays);
        int compared = 0;
        foreach (var item in GoldenJson.Cases(Cases).Where(c => c.Text("kind") is "fakequant" or "quant_dequant"))
        {
            var (scale, offset) = (item.Single("scale_d"), item.Integer("offset_d"));
            float unit = item.Text("kind") == "fakequant" ? 1 : scale;
            Assert.Equal(arrays[item.Text("y")], arrays[item.Text("x")].Select(x => (AmctArithmetic.QuantizeActivation(x, scale, offset, item.Integer("num_bits")) - offset) * unit));
            compared++;
        }

        Assert.Equal(6, compared);
    }

    [Fact]
    public void ScalesThatDoNotFit_AreRefused()
        => Assert.Equal(ErrorCodes.InvalidUsage, Assert.Throws<OctetException>(() => AmctArithmetic.QuantizeBias([1f, 2, 3], [1f, 2], 1)).Code);
}
