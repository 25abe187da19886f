using System.Collections.Immutable;
using System.Globalization;
using Octet.Calibration;
using Octet.Planning;
using Octet.Refinement;

namespace Octet.Analysis;

/// <summary>Tells a plan and what was measured of it as the parts of a report.</summary>
/// <param name="plan">All parameters solved.</param>
/// <param name="reasons">Why it became so; null to leave that out.</param>
public sealed class PlanReport(Plan plan, PlanReasons? reasons = null)
{
    /// <summary>All layers, in the order of the graph.</summary>
    /// <param name="weights">What was done to the weights, by key, group by group; empty for layers that were not judged on samples.</param>
    /// <param name="measures">What was measured.</param>
    public ImmutableArray<LayerReport> Layers(IReadOnlyDictionary<string, IReadOnlyList<WeightReport>> weights, LayerMeasures measures)
    {
        var weighted = plan.WeightedLayers.Select(l => l.Key).ToHashSet(StringComparer.Ordinal);
        return [.. plan.Layers.Select(layer =>
        {
            var chosen = WeightCostsOf(weights.GetValueOrDefault(layer.Key) ?? []);
            return new LayerReport(
                layer.Name,
                layer.OpType,
                layer.Decision.ToString().ToLowerInvariant(),
                layer.Why,
                layer.MultiplyAccumulates,
                measures.Errors?.SqnrOf(layer.Key),
                !weighted.Contains(layer.Key) ? null : chosen is { FeedbackChannels: > 0 } ? "feedback" : "nearest",
                (chosen?.NarrowedChannels + chosen?.ClippedChannels) ?? 0)
            {
                Cost = measures.Costs.TryGetValue(layer.Key, out double cost) ? cost : null,
                Weights = chosen,
                Reason = reasons?.Of(layer, chosen),
            };
        })];
    }

    /// <summary>All quantized activations, in the order of the graph.</summary>
    /// <param name="statistics">What was observed, by tensor.</param>
    public ImmutableArray<TensorReport> Tensors(IReadOnlyDictionary<string, TensorStatistics> statistics) => [.. plan.Slots.Select(slot =>
    {
        var parameters = plan.ParamsOf(slot.Tensor);
        var histogram = statistics.GetValueOrDefault(slot.Tensor)?.Histogram;
        return new TensorReport(slot.Tensor, histogram?.Min, histogram?.Max, parameters.Scale, parameters.ZeroPoint, slot.Method) { Why = slot.Choice?.Setting ?? plan.Root(slot.Tensor).WhyBits, Reason = reasons?.Of(slot) };
    })];

    /// <summary>A warning for every layer that costs more than a budget, the most costly first.</summary>
    /// <param name="measures">What was measured.</param>
    /// <param name="budget">In dB of the outputs' SQNR.</param>
    public IEnumerable<string> Warnings(LayerMeasures measures, double budget)
    {
        long all = Math.Max(1, plan.Layers.Sum(l => l.MultiplyAccumulates));
        return plan.WeightedLayers
            .Where(l => measures.Costs.GetValueOrDefault(l.Key) > budget)
            .OrderByDescending(l => measures.Costs[l.Key])
            .Select(l => string.Create(
                CultureInfo.InvariantCulture,
                $"{ErrorCodes.LayerCostly}: quantizing {l.OpType} \"{l.Name}\" ({100.0 * l.MultiplyAccumulates / all:0.#} % of the multiply-accumulates) costs {measures.Costs[l.Key]:0.0} dB of the outputs' SQNR, which is {measures.Sqnr:0.0} dB; keep it float with --keep-float {l.Name}"));
    }

    private static WeightCosts? WeightCostsOf(IReadOnlyList<WeightReport> groups) => groups.Count == 0 ? null : new WeightCosts(
        groups.Sum(g => g.MaxNearestError),
        groups.Sum(g => g.RangeNearestError),
        groups.Sum(g => g.UnlimitedError),
        groups.Sum(g => g.FinalError),
        groups.Sum(g => g.FeedbackChannels),
        groups.Sum(g => g.NarrowedChannels),
        groups.Sum(g => g.ClippedChannels),
        groups.Sum(g => g.SaturatingPairsBefore),
        groups.Sum(g => g.SaturatingPairs));
}
