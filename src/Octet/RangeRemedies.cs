using Octet.Analysis;
using Octet.Calibration;
using Octet.Data;
using Octet.Graphs;
using Octet.Planning;
using Octet.Refinement;
using Octet.Rewrites;

namespace Octet;

/// <summary>
/// Chooses for each conflict of ranges between layers that stay float and 16 bits for the tensor. 16 bits are taken where they hold the parts, where they are the cheaper of the
/// two, since floats would take multiply-accumulates from the integers or the target has no floats of its own, and where the parts of the network's
/// outputs keep 30 dB with them or lose no more than 3 dB against floats. Both errors are measured with ranges from extremes and weights rounded to the nearest.
/// </summary>
/// <param name="model">The float model.</param>
/// <param name="samples">A few samples.</param>
/// <param name="threads">Samples side by side.</param>
/// <param name="cancellationToken">Ends the work.</param>
internal sealed class RangeRemedies(Model model, IReadOnlyList<Sample> samples, int threads, CancellationToken cancellationToken)
{
    // Less noise beside the signal than 8 bits mostly leave (30 dB), floats are not needed for; beyond it, half of all noise is too much (3 dB, as QuantizerOptions.LayerBudget).
    private const double FineError = 1e-3;
    private const double MostLoss = 2;

    private Model? raised;

    /// <summary>Raises a model to the first operator set with 16-bit integers.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.OpsetUnsupported"/>: a node has no form in it.</exception>
    public static Model Raise(Model model, CancellationToken cancellationToken)
    {
        var copy = model.Clone();
        new RewritePipeline([new RaiseOperatorSet(21)]).Run(copy, cancellationToken);
        return copy;
    }

    /// <summary>Chooses the remedy of one conflict.</summary>
    /// <param name="conflict">With the layers that may stay float.</param>
    /// <param name="planOf">The plan with either remedy.</param>
    public RangeConflict Choose(RangeConflict conflict, Func<RangeConflict, Plan> planOf)
    {
        var floats = planOf(conflict);
        var wide = conflict with { KeptFloat = [], Widened = [.. TensorsOf(conflict, planOf)] };
        if (wide.Widened.IsEmpty)
        {
            return conflict;
        }

        var widened = planOf(wide);
        if (new RangeGuard(model, widened).Find(new ObservedRanges(model, samples, threads), cancellationToken).Any(c => c.Tensor == conflict.Tensor))
        {
            return conflict with { Judged = FormattableString.Invariant($"{RangeConflict.WideBits} bits would not hold it either") };
        }

        double share = widened.QuantizedShare - floats.QuantizedShare;
        if (share <= 0 && floats.Target.FloatTail)
        {
            return conflict with { Judged = FormattableString.Invariant($"no multiply-accumulates become float, and the target has floats, so that {RangeConflict.WideBits} bits would save nothing") };
        }

        try
        {
            double floatError = ErrorOf(floats);
            double wideError = ErrorOf(widened);
            var chosen = wideError <= Math.Max(FineError, floatError * MostLoss) ? wide : conflict;
            return chosen with
            {
                Judged = FormattableString.Invariant($"with {RangeConflict.WideBits} bits {Decibels(wideError)}, with floats {Decibels(floatError)} for {100 * share:0.#} % of the multiply-accumulates, judged on {samples.Count} samples with weights rounded to the nearest"),
            };
        }
        catch (OctetException e) when (e.Code == ErrorCodes.OpsetUnsupported)
        {
            return conflict with { Judged = FormattableString.Invariant($"no {RangeConflict.WideBits} bits: {e.Message}") };
        }
    }

    private static string Decibels(double error) => error > 0 ? FormattableString.Invariant($"{-10 * Math.Log10(error):0.0} dB") : "no error";

    // What is quantized of the tensor where nothing is done about it: itself, or what leaves the layer's clamp.
    private static IEnumerable<string> TensorsOf(RangeConflict conflict, Func<RangeConflict, Plan> planOf)
    {
        var plan = planOf(conflict with { KeptFloat = [] });
        return plan.Layers.Where(l => l.Key == conflict.Tensor).SelectMany(l => l.DataOutputs).Append(conflict.Tensor).Where(t => plan.SlotOf(t) is not null).Distinct();
    }

    private double ErrorOf(Plan plan)
    {
        raised ??= Raise(model, cancellationToken);
        return PartErrors.Measure(raised, QuickPlan.Lower(raised, plan, samples, "max", correctBiases: false, threads, cancellationToken), samples, cancellationToken);
    }
}
