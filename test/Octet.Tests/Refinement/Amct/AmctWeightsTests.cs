using System.Text.Json;
using Octet.Formats.Onnx;
using Octet.Numerics;
using Octet.Refinement.Amct;
using Octet.Tests.Golden;

namespace Octet.Tests.Refinement.Amct;

/// <summary>The weights that Ascend AMCT's own code rounded (golden/amct, arq and real_weights), bit for bit.</summary>
public sealed class AmctWeightsTests
{
    private const string LeNet = "mnist/lenet_bn.onnx";
    private const string MobileNet = "imagenet/mobilenet_v2_bn.onnx";

    [GoldenFact("amct/arq.json", "amct/arq.npz")]
    public void Integers_AndTheFloatsTheyStandFor_AreAmcts()
    {
        var arrays = GoldenFile.Tensors("amct/arq.npz");
        int compared = 0;
        foreach (var item in GoldenJson.Cases("amct/arq.json").Where(c => c.TryGetProperty("scale_w", out _)))
        {
            var p = item.GetProperty("params");
            string layout = item.TryGetProperty("layout", out var l) ? l.GetString()! : "OI";
            var rounded = AmctWeights.Round(
                arrays[item.Text("weight")],
                p.TryGetProperty("num_bits", out var bits) ? bits.GetInt32() : 8,
                !p.Truth("channel_wise") ? AmctLayout.One : layout.StartsWith("IOHW", StringComparison.Ordinal) ? AmctLayout.Transposed(layout.Contains("group 2", StringComparison.Ordinal) ? 2 : 1) : AmctLayout.Along(0),
                p.Truth("with_offset"));
            AssertScales(item, rounded);
            if (item.TryGetProperty("int_weight", out var integers))
            {
                Assert.Equal(arrays[integers.GetString()!].ToInt64s(), rounded.Values.ToInt64s());
            }

            Assert.Equal(arrays[item.Text("fakequant_weight")].ToFloats(), rounded.Dequantize().ToFloats());
            compared++;
        }

        Assert.Equal(66, compared);
    }

    [GoldenFact("amct/real_weights.json", "amct/real_weights.npz", "../data/" + LeNet, "../data/" + MobileNet)]
    public void RealWeights_AreAmcts()
    {
        var arrays = GoldenFile.Tensors("amct/real_weights.npz");
        var models = new[] { LeNet, MobileNet }.ToDictionary(f => f.Split('/')[^1], f => OnnxFormat.Read(SharedData.PathOf(f)).Graph.Constants.ToDictionary(c => c.Name, c => c.Constant!, StringComparer.Ordinal), StringComparer.Ordinal);
        var cases = GoldenJson.Cases("amct/real_weights.json");
        foreach (var item in cases)
        {
            var rounded = AmctWeights.Round(models[item.Text("model")][item.Text("initializer")], 8, item.Text("id").EndsWith("True", StringComparison.Ordinal) ? AmctLayout.Along(0) : AmctLayout.One);
            AssertScales(item, rounded);
            Assert.Equal(arrays[item.Text("int_weight")].ToInt64s(), rounded.Values.ToInt64s());
        }

        Assert.Equal(16, cases.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    public void BitsOutOfRange_AreRefused(int bits)
        => Assert.Equal(ErrorCodes.InvalidUsage, Assert.Throws<OctetException>(() => AmctWeights.Round(Tensor.FromArray([1f, 2], new Shape(2)), bits, AmctLayout.One)).Code);

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 3)]
    public void LayoutsThatDoNotFit_AreRefused(int axis, int groups)
        => Assert.Equal(ErrorCodes.InvalidUsage, Assert.Throws<OctetException>(() => AmctWeights.Round(
            Tensor.FromArray([1f, 2], new Shape(2, 1)), 8, groups == 1 ? AmctLayout.Along(axis) : AmctLayout.Transposed(groups))).Code);

    [Fact]
    public void WeightsThatAreNotFinite_AreRefused()
        => Assert.Equal(ErrorCodes.NonFiniteWeight, Assert.Throws<OctetException>(() => AmctWeights.Round(Tensor.FromArray([1f, float.NaN], new Shape(2)), 8, AmctLayout.One)).Code);

    private static void AssertScales(JsonElement item, AmctWeights rounded)
    {
        Assert.Equal(item.GetProperty("scale_w").EnumerateArray().Select(s => s.Single()), rounded.Scales);
        Assert.Equal(item.GetProperty("offset_w").EnumerateArray().Select(o => (int)o.GetDouble()), rounded.Offsets);
    }
}
