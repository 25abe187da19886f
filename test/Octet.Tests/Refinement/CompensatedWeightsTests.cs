using Octet.Calibration.Patches;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Refinement;

namespace Octet.Tests.Refinement;

public sealed class CompensatedWeightsTests
{
    private const int Inputs = 6;
    private const int Channels = 3;

    [Fact]
    public void Fit_WhenInputsAreOffByAKnownFactor_TakesItBack()
    {
        float[] weights = Values(1, Channels * Inputs);
        var (fitted, heldOut) = (Values(2, 400 * Inputs), Values(3, 100 * Inputs));
        float[] halved = CompensatedWeights.Fit(weights, Channels, (Set(fitted), Set(heldOut)), (Set(Half(fitted)), Set(Half(heldOut))));

        Assert.All(weights.Zip(halved), p => Assert.Equal(2 * p.First, p.Second, 1e-3f));
    }

    [Fact]
    public void Fit_WhenErrorsAreChance_LeavesTheWeightsNearlyAlone()
    {
        float[] weights = Values(1, Channels * Inputs);
        var (fitted, heldOut) = (Values(2, 400 * Inputs), Values(3, 100 * Inputs));
        float[] same = CompensatedWeights.Fit(weights, Channels, (Set(fitted), Set(heldOut)), (Set(Noisy(fitted, 4)), Set(Noisy(heldOut, 5))));

        Assert.All(weights.Zip(same), p => Assert.Equal(p.First, p.Second, 0.02f));
    }

    [Fact]
    public void Fit_WithoutHeldOutRows_ChangesNothing()
    {
        float[] weights = Values(1, Channels * Inputs);
        var rows = Set(Values(2, 400 * Inputs));

        Assert.Equal(weights, CompensatedWeights.Fit(weights, Channels, (rows, Set([])), (Set(Half(rows.Rows)), Set([]))));
    }

    private static float[] Half(float[] values) => [.. values.Select(v => v / 2)];

    private static float[] Noisy(float[] values, int seed) => [.. values.Zip(Values(seed, values.Length), (v, n) => v + (0.02f * n))];

    private static float[] Values(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];
    }

    private static PatchSet Set(float[] rows)
    {
        var graph = new Graph("gemm");
        var product = graph.Add("Gemm", [graph.AddInput("x", new TensorType(ElementType.Float32, null)), graph.AddConstant("w", Tensor.FromArray(new float[Inputs], new Shape(Inputs, 1)))], "y");
        int count = rows.Length / Inputs;
        return new PatchSet(new PatchRequest("y", "x", PatchGeometry.Of(product.Producer!)!, Math.Max(1, count)), rows, count, [.. Enumerable.Range(0, count).Select(i => (ulong)i)]);
    }
}
