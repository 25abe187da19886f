using System.Globalization;
using System.Text.Json;
using Octet.Numerics;
using Octet.Refinement;
using Octet.Tests.Golden;

namespace Octet.Tests.Refinement;

/// <summary>The numbers that AMCT's DMQ balancer gave, to 2 units in the last place: its powers are torch's.</summary>
public sealed class MigrationFactorsTests
{
    private const string Cases = "amct/dmq.json";
    private const string Arrays = "amct/dmq.npz";

    [GoldenFact(Cases, Arrays)]
    public void Factors_AreAmcts()
    {
        var arrays = GoldenFile.Tensors(Arrays);
        int compared = 0;
        foreach (var c in GoldenFile.Json(Cases).GetProperty("cases").EnumerateArray().Where(c => c.TryGetProperty("factor", out _)))
        {
            float[] factors = Factors(c, arrays, out int channels);
            int[] bits = [.. c.GetProperty("factor").EnumerateArray().Select(f => int.Parse(f.GetProperty("bits").GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
            Assert.Equal(channels, bits.Length);
            Assert.All(factors.Zip(bits), p => Assert.InRange(BitConverter.SingleToInt32Bits(p.First) - p.Second, -2, 2));
            compared += bits.Length;
        }

        Assert.Equal(92, compared);
    }

    [GoldenFact(Cases, Arrays)]
    public void WhatAmctRefuses_IsRefused_AndWhereItFailsNothingIsMoved()
    {
        var arrays = GoldenFile.Tensors(Arrays);
        foreach (var c in GoldenFile.Json(Cases).GetProperty("cases").EnumerateArray().Where(c => c.TryGetProperty("error", out _)))
        {
            if (c.GetProperty("error").GetString() == "TypeError")
            {
                Assert.All(Factors(c, arrays, out _), f => Assert.Equal(1, f));
            }
            else
            {
                Assert.Equal(ErrorCodes.InvalidUsage, Assert.Throws<OctetException>(() => Factors(c, arrays, out _)).Code);
            }
        }
    }

    private static float[] Factors(JsonElement c, IReadOnlyDictionary<string, Tensor> arrays, out int channels)
    {
        double strength = c.GetProperty("migration_strength").GetDouble();
        if (c.TryGetProperty("activation_by_channel", out var rows))
        {
            float[] activations = Greatest(arrays[rows.GetString()!], 0);
            channels = activations.Length;
            return MigrationFactors.Of(activations, Greatest(arrays[c.GetProperty("weight_by_channel").GetString()!], 0), strength);
        }

        // Samples × channels × …, but the last dimension of a linear layer; weights outputs × channels of a group × …, but inputs first where transposed.
        string id = c.GetProperty("id").GetString()!;
        bool isLinear = id.Contains("linear", StringComparison.Ordinal);
        var x = arrays[c.GetProperty("x").GetString()!];
        var w = arrays[c.GetProperty("weight").GetString()!];
        int groups = c.GetProperty("groups").GetInt32();
        float[] greatest = id.Contains("deconv", StringComparison.Ordinal) ? Greatest(w, 0) : InGroups(w, groups);
        float[] inputs = Greatest(x, isLinear ? x.Shape.Rank - 1 : 1);
        channels = inputs.Length;
        return MigrationFactors.Of(inputs, greatest, strength);
    }

    private static float[] InGroups(Tensor weights, int groups)
    {
        int outputs = (int)weights.Shape[0];
        float[] values = weights.ToFloats();
        return [.. values.Chunk(values.Length / groups).SelectMany(part => Greatest(Tensor.FromArray(part, new Shape([outputs / groups, .. weights.Shape.Dimensions.Skip(1)])), 1))];
    }

    private static float[] Greatest(Tensor tensor, int axis)
    {
        var greatest = new float[tensor.Shape[axis]];
        int inner = (int)tensor.Shape.Dimensions.Skip(axis + 1).Aggregate(1L, (a, b) => a * b);
        float[] values = tensor.ToFloats();
        for (int i = 0; i < values.Length; i++)
        {
            int channel = i / inner % greatest.Length;
            greatest[channel] = Math.Max(greatest[channel], MathF.Abs(values[i]));
        }

        return greatest;
    }
}
