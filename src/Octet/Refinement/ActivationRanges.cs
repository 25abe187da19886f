using System.Collections.Immutable;
using Octet.Calibration;
using Octet.Calibration.Thresholds;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;
using Octet.Planning;

namespace Octet.Refinement;

/// <summary>Solves the parameters of all activations.</summary>
/// <param name="graph">The float graph.</param>
/// <param name="plan">Its structure.</param>
/// <param name="statistics">What the sweep gathered.</param>
/// <param name="method">Name of a threshold method, or <see cref="ThresholdMethods.Auto"/>.</param>
/// <param name="parameters">Parameters of the methods, by name; each takes those that it has. Null for none.</param>
public sealed class ActivationRanges(Graph graph, Plan plan, CalibrationResult statistics, string method, IReadOnlyDictionary<string, double>? parameters = null)
{
    // Between and around what the methods propose: the optimum at the consumer's output seldom is exactly any method's.
    private static readonly float[] Stretches = [0.8f, 0.9f, 1.12f, 1.25f];

    /// <summary>Fills in the parameters of every slot that has none yet.</summary>
    /// <param name="workers">Slots solved side by side; the result does not depend on it.</param>
    /// <param name="progress">Called once a slot.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public Plan Solve(int workers, Action? progress, CancellationToken cancellationToken)
    {
        var slots = new TensorSlot[plan.Slots.Length];
        ParallelRuns.ForEach(
            slots.Length,
            workers,
            i =>
            {
                slots[i] = Solve(plan.Slots[i]);
                progress?.Invoke();
            },
            cancellationToken);
        return plan with { Slots = [.. slots] };
    }

    private TensorSlot Solve(TensorSlot slot)
    {
        if (slot.Params is not null)
        {
            return slot;
        }

        var (type, symmetric) = (plan.TypeOf(slot.Tensor), plan.Target.SymmetricActivations);
        switch (slot.Source)
        {
            case SlotSource.SameAs:
                return slot;
            case SlotSource.Fixed range:
                return slot with { Params = FixedParams(range, type, symmetric) };
            case SlotSource.Constant:
                float[] values = graph.Find(slot.Tensor)!.Constant!.ToFloats();
                return slot with { Params = Rounded(new ValueRange(values.Min(), values.Max()).ToQuantParams(type, symmetric)) };
            case SlotSource.Calibrated calibrated:
                return Solve(slot, calibrated, type, symmetric);
            default:
                throw new InvalidOperationException($"Slot source {slot.Source} is not known.");
        }
    }

    private TensorSlot Solve(TensorSlot slot, SlotSource.Calibrated calibrated, QuantType type, bool symmetric)
    {
        if (slot.Choice?.Threshold is { } threshold)
        {
            var observed = StatisticsOf(calibrated).Histogram;
            float bound = (float)threshold;
            return slot with { Params = Rounded(new ValueRange(observed.Min < 0 ? -bound : 0, observed.Max > 0 || observed.Min >= 0 ? bound : 0).ToQuantParams(type, symmetric)) };
        }

        string name = slot.Choice?.Method ?? method;
        var solved = name == ThresholdMethods.Auto
            ? Choose(slot, StatisticsOf(calibrated), type, symmetric)
            : slot with { Params = plan.Capped(slot.Tensor, Params(ThresholdMethods.Find(name), calibrated, type, symmetric)), Method = name };
        return slot.Choice is { Factor: not 1 and var factor } ? solved with { Params = plan.Capped(slot.Tensor, Rounded(Scaled(solved.Params!, factor))) } : solved;
    }

    // Where the target has powers of two alone.
    private QuantParams Rounded(QuantParams parameters)
        => plan.Target.PowerOfTwoScales ? new QuantParams(parameters.Type, PowerOfTwo.AtLeast(parameters.Scale), parameters.ZeroPoint) : parameters;

    private static QuantParams Scaled(QuantParams parameters, double factor)
    {
        float scale = (float)(parameters.Scale * factor);
        return float.IsNormal(scale) ? new QuantParams(parameters.Type, scale, parameters.ZeroPoint) : parameters;
    }

    private TensorStatistics StatisticsOf(SlotSource.Calibrated calibrated)
    {
        return calibrated.Observed.Length == 1
            ? statistics.Tensors[calibrated.Observed[0]]
            : new TensorStatistics(LogLinearHistogram.Merged(calibrated.Observed.Select(t => statistics.Tensors[t].Histogram)));
    }

    // Histograms of tensors that share parameters add up; other statistics do not (bins under unlike maxima): the widest of the tensors' ranges then holds all.
    private QuantParams Params(IThresholdMethod named, SlotSource.Calibrated calibrated, QuantType type, bool symmetric)
    {
        var settings = ThresholdSolver.SettingsFor(named, plan.Target.Scheme, ThresholdSettings.OwnOf(named, parameters ?? ImmutableDictionary<string, double>.Empty));
        var wanted = named.Needs(type, symmetric, settings).IsEmpty ? [StatisticsOf(calibrated)] : calibrated.Observed.Select(t => statistics.Tensors[t]);
        return Rounded(ThresholdSolver.ParamsOf(named, wanted.Select(s => named.Compute(s, type, symmetric, settings)).MaxBy(r => r.Range.Bound)!, type, plan.Target.Scheme));
    }

    // Every method proposes; the consumers' output errors decide. Consumers without weights pass the tensor's own error on, but for
    // those that groups of channels need: what reads the channels is a consumer by itself.
    private TensorSlot Choose(TensorSlot slot, TensorStatistics observed, QuantType type, bool symmetric)
    {
        var histogram = observed.Histogram;
        LayerPlan[] consumers = [.. plan.Layers.Where(l => l.DataInputs.Any(t => plan.Root(t).Tensor == slot.Tensor) && !ChannelGroups.AreMovedBy(l.NodeIn(graph)))];
        var own = new HistogramError(histogram);
        OutputErrorScore[] scores = [.. consumers.Where(c => statistics.Patches.ContainsKey(c.Key)).Select(c => ScoreOf(c, own))];
        int unweighted = consumers.Length - scores.Length;
        double Price(QuantParams parameters)
        {
            double price = scores.Sum(s => s.Of(parameters));
            return unweighted == 0 && scores.Length > 0 ? price
                : price + (own.Power > 0 ? Math.Max(1, unweighted) * own.SquaredError(parameters) / own.Power : 0);
        }

        var best = slot;
        double least = double.PositiveInfinity;
        var whole = new ValueRange(histogram.Min, histogram.Max).WithZero();
        foreach (var candidate in ThresholdMethods.Candidates)
        {
            var range = candidate.Compute(observed, type, symmetric, new ThresholdSettings(candidate)).Range;
            foreach (float stretch in candidate is MseThreshold ? [1, .. Stretches] : new float[] { 1 })
            {
                var stretched = new ValueRange(Math.Max(whole.Min, range.Min * stretch), Math.Min(whole.Max, range.Max * stretch));
                foreach (var parameters in Candidates(slot.Tensor, stretched.ToQuantParams(type, symmetric)))
                {
                    double price = Price(parameters);
                    if (price < least)
                    {
                        least = price;
                        best = slot with { Params = parameters, Method = candidate.Name };
                    }
                }
            }
        }

        return best;
    }

    // Of powers of two, that below may clip less than that above rounds.
    private IEnumerable<QuantParams> Candidates(string tensor, QuantParams parameters)
    {
        var rounded = plan.Capped(tensor, Rounded(parameters));
        return plan.Target.PowerOfTwoScales ? [rounded, Scaled(rounded, 0.5)] : [rounded];
    }

    private OutputErrorScore ScoreOf(LayerPlan layer, HistogramError all)
    {
        var layout = WeightLayout.Of(layer.NodeIn(graph), layer);
        return new OutputErrorScore(statistics.Patches[layer.Key], layout.Weights, layout.Channels, all);
    }

    // A power-of-two scale: [0, 1] has 1/256 (TFLite's and ONNX Runtime's choice for sigmoid and softmax), so that 1 itself is the only value clipped.
    private static QuantParams FixedParams(SlotSource.Fixed range, QuantType type, bool symmetric)
    {
        float width = symmetric ? 2 * Math.Max(-range.Min, range.Max) : range.Max - range.Min;
        float scale = width / (1L << type.Bits);
        int zeroPoint = symmetric ? 0 : (int)Math.Clamp(type.Min - MathF.Round(range.Min / scale), type.Min, type.Max);
        return new QuantParams(type, scale, zeroPoint);
    }
}
