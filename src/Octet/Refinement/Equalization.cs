using Octet.Data;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Planning;

namespace Octet.Refinement;

/// <summary>
/// Cross-layer equalization (Nagel et al. 2019, "Data-Free Quantization Through Weight Equalization and Bias Correction", section 4.1;
/// Meller et al. 2019, "Same, Same But Different"): channels that are small beside others of their tensor are enlarged, and the weights that read them made
/// smaller, so that one scale a tensor serves all channels. How far to go is a matter of which noise is larger, that of the activations or that of the weights
/// that read them (Xiao et al. 2023, "SmoothQuant", equation 4, has the same exponent); each group of values is given the share with the least
/// noise at its consumers' outputs. The float network computes the same as before.
/// </summary>
internal static class Equalization
{
    // No channel is enlarged more than this against another: what is next to zero carries nothing.
    private const float MostRatio = 256;

    // What saturation at the least bound clips, no range can take back: a channel may be so many times as large as the samples show it before that happens.
    private const float ClampMargin = 1.5f;

    private static readonly float[] Shares = [0.25f, 0.5f, 0.75f, 1];

    /// <summary>Changes the weights of a model.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="plan">Its structure.</param>
    /// <param name="types">Shapes of one sample.</param>
    /// <param name="samples">Some samples.</param>
    /// <param name="always">Whether channels are also scaled where more noise is predicted.</param>
    /// <param name="workers">Runs side by side, ≥ 1.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The values whose channels were scaled or shifted.</returns>
    public static IReadOnlyList<EqualizedGroup> Run(
        Model model, Plan plan, ObservedTypes types, IReadOnlyList<Sample> samples, bool always, int workers, CancellationToken cancellationToken)
    {
        var slots = plan.Slots.Where(s => s.Source is SlotSource.Calibrated).Select(s => s.Tensor).ToHashSet(StringComparer.Ordinal);
        ChannelGroup[] groups = [.. ChannelGroup.Find(model.Graph, plan, types).Where(g => g.Values.Any(v => slots.Contains(v.Name)) && CanSaturate(g, plan.Target))];
        if (groups.Length == 0)
        {
            return [];
        }

        string[] observed = [.. groups.SelectMany(g => g.Values).Select(v => v.Name).Where(slots.Contains)];
        var extremes = ChannelExtremes.Observe(model, samples, observed, workers, cancellationToken);
        var perChannel = plan.WeightedLayers.Where(l => l.PerChannelWeights).Select(l => l.NodeIn(model.Graph)).ToHashSet();
        var changed = new List<EqualizedGroup>();
        foreach (var group in groups)
        {
            float[] asTheyAre = [.. Enumerable.Repeat(1f, group.Channels)];
            var noise = new GroupNoise(group, extremes, plan, perChannel);
            double before = noise.Of(asTheyAre);
            bool isShifted = ChannelShift.Run(group, extremes);
            noise = isShifted ? new GroupNoise(group, extremes, plan, perChannel) : noise;
            var largest = noise.RelativeLargest();
            if (group.Clamps.Length > 0)
            {
                largest = [.. largest.Select(l => Math.Min(1, l * ClampMargin))];
            }

            float floor = largest.Max() / MostRatio;
            float[]? best = null;
            double least = always ? double.PositiveInfinity : noise.Of(asTheyAre);
            foreach (float share in Shares)
            {
                float[] scales = [.. largest.Select(l => MathF.Pow(Math.Max(l, floor), -share))];
                double error = noise.Of(scales);
                if (error < least)
                {
                    (best, least) = (scales, error);
                }
            }

            if (best is not null || isShifted)
            {
                changed.Add(new EqualizedGroup(
                    [.. group.Values.Select(v => v.Name)],
                    [.. group.Producers.Concat(group.Consumers).Select(n => n.Output.Name).Distinct()],
                    best is null ? [] : [.. group.Clamps.Select(c => c.Node.Output.Name)],
                    before > 0 && least > 0 ? 10 * Math.Log10(before / least) : 0));
            }

            if (best is not null)
            {
                Apply(group, best, plan.Target.PowerOfTwoScales, types);
            }
        }

        model.Graph.RemoveUnused();
        return changed;
    }

    // One factor for all channels makes a power of two of one bound alone.
    private static bool CanSaturate(ChannelGroup group, Target target) => !target.PowerOfTwoScales || group.Clamps.Select(c => c.Bound).Distinct().Count() <= 1;

    private static void Apply(ChannelGroup group, float[] scales, bool powersOfTwo, ObservedTypes types)
    {
        if (powersOfTwo && group.Clamps is [{ Bound: var bound }, ..])
        {
            // Saturation ends just below a power of two.
            float least = bound * scales.Min();
            float all = PowerOfTwo.AtLeast(least) / least;
            scales = [.. scales.Select(s => s * all)];
        }

        foreach (var clamp in group.Clamps)
        {
            clamp.Scale(scales, types.ShapeOf(clamp.Node.Output)!.Value.Rank);
        }

        foreach (var producer in group.Producers)
        {
            new ChannelWeights(producer).Scale(null, scales);
        }

        foreach (var consumer in group.Consumers)
        {
            new ChannelWeights(consumer).Scale(scales, null);
        }
    }
}
