using Octet.Calibration;
using Octet.Calibration.Thresholds;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Planning;

namespace Octet.Refinement;

/// <summary>Solves the parameters of all activations.</summary>
public static class ActivationRanges
{
    /// <summary>Fills in the parameters of every slot.</summary>
    public static Plan Solve(
        Graph graph, Plan plan, CalibrationResult statistics, QuantizerOptions options, Action? progress, CancellationToken cancellationToken)
    {
        var method = ThresholdMethods.Find(options.Method == "auto" ? "mse" : options.Method);
        return plan with
        {
            Slots = [.. plan.Slots.Select(slot =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Invoke();
                return Solve(graph, plan, slot, statistics, method);
            })],
        };
    }

    private static TensorSlot Solve(Graph graph, Plan plan, TensorSlot slot, CalibrationResult statistics, IThresholdMethod method)
    {
        var (type, symmetric) = (plan.Target.Activations, plan.Target.SymmetricActivations);
        switch (slot.Source)
        {
            case SlotSource.SameAs:
                return slot;
            case SlotSource.Fixed range:
                return slot with { Params = FixedParams(range, type, symmetric) };
            case SlotSource.Constant:
                float[] values = graph.Find(slot.Tensor)!.Constant!.ToFloats();
                return slot with { Params = new ValueRange(values.Min(), values.Max()).ToQuantParams(type, symmetric) };
            case SlotSource.Calibrated calibrated:
                var histogram = statistics.Tensors[calibrated.Observed[0]].Histogram;
                if (calibrated.Observed.Length > 1)
                {
                    var merged = new LogLinearHistogram();
                    foreach (string tensor in calibrated.Observed)
                    {
                        merged.Merge(statistics.Tensors[tensor].Histogram);
                    }

                    histogram = merged;
                }

                return slot with { Params = method.Compute(histogram, type, symmetric).ToQuantParams(type, symmetric), Method = method.Name };
            default:
                throw new InvalidOperationException($"Slot source {slot.Source} is not known.");
        }
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
