using Octet.Analysis;
using Octet.Data;
using Octet.Graphs;
using Octet.Lowering;
using Octet.Planning;

namespace Octet.Tests.Analysis;

public sealed class LayerCostsTests
{
    [Fact]
    public void Shares_OfALayer_AreWhatAnEvaluationFindsWithItAlone()
    {
        var (model, plan, weights, samples) = LayerErrorsTests.Network();
        using var costs = new LayerCosts(model, plan, weights, k => Without(model, plan, samples, k), samples, false, 1);
        var shares = costs.Shares(["first", "second"], 2);
        Assert.Equal(SqnrOf(model, plan, plan, weights, samples), costs.Sqnr, 6);
        Assert.Equal(Share(["second"]), shares["first"], 6);
        Assert.Equal(Share(["first"]), shares["second"], 6);

        double Share(string[] others) => Math.Pow(10, (costs.Sqnr - SqnrOf(model, plan, Without(model, plan, samples, others), weights, samples)) / 10);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 3.0103)]
    [InlineData(0.9, 10)]
    [InlineData(1.5, 20)]
    public void CostOf_AShare_IsWhatTheRatioWouldRiseBy(double share, double cost) => Assert.Equal(cost, LayerCosts.CostOf(share), 4);

    [Theory]
    [InlineData(new float[] { 1, 2 }, new float[] { 3, 4 }, false, (0.25 + 0.25 + 0.25 + 2.25) / 30)]
    [InlineData(new float[] { 1, 2 }, new float[] { 3, 4 }, true, (0 + 0.5) / 30)]
    public void OutputNoise_Centred_LeavesTheMeanOverTheSamplesOut(float[] first, float[] second, bool centred, double ratio)
    {
        var noise = new OutputNoise();
        noise.Add(first, [first[0] - 0.5f, first[1] + 0.5f]);
        noise.Add(second, [second[0] - 0.5f, second[1] + 1.5f]);
        Assert.Equal(ratio, noise.Ratio(centred), 12);
    }

    [Fact]
    public void OutputNoise_OfOneSampleOrOfSeveralLengths_IsNotCentred()
    {
        var one = new OutputNoise();
        one.Add([1, 1], [2, 2]);
        Assert.Equal(1, one.Ratio(true));
        one.Add([1], [1]);
        Assert.Equal(2.0 / 3, one.Ratio(true));
        Assert.Equal(0, new OutputNoise().Ratio(true));
    }

    private static Plan Without(Model model, Plan plan, Sample[] samples, IReadOnlyList<string> keys)
        => Planner.Build(model.Graph, plan.Target, TypeProbe.Run(model, samples[0].Inputs), keys);

    private static double SqnrOf(Model model, Plan solved, Plan tried, IReadOnlyDictionary<string, QuantizedWeights> weights, Sample[] samples)
    {
        var plan = tried with { Slots = [.. tried.Slots.Select(s => s with { Params = solved.ParamsOf(s.Tensor) })] };
        return Evaluator.Evaluate(QdqLowering.Lower(model, plan, weights).Model, model, SampleSources.FromMemory(samples)).Outputs[0].Sqnr;
    }
}
