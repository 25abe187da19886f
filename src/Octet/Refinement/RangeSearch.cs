using Octet.Calibration;
using Octet.Data;
using Octet.Graphs;
using Octet.Lowering;
using Octet.Numerics;
using Octet.Planning;

namespace Octet.Refinement;

/// <summary>
/// Chooses the ranges of activations by the error at the network's outputs, everything else quantized as it will be (loss-aware search: Nahshan et al. 2021,
/// "Loss Aware Post-Training Quantization", with the outputs' squared error as the loss). First all ranges are stretched alike, then either half of the network, and so on down
/// to single tensors: one tensor's gain is often lost in the noise of all others, that of many is not.
/// </summary>
internal sealed class RangeSearch
{
    // A candidate that a few samples do not find better by so many standard errors is not tried on all.
    private const double Promise = 0.5;
    private const int Heat = 8;

    private static readonly float[] AnyScale = [0.8f, 0.9f, 1.15f];
    private static readonly float[] PowersOfTwo = [0.5f, 2];

    private readonly Plan plan;
    private readonly Model lowered;
    private readonly OutputReference reference;
    private readonly IReadOnlyList<Sample> samples;
    private readonly int workers;
    private readonly CancellationToken cancellationToken;
    private readonly FreeSlot[] slots;
    private readonly QuantParams[] chosen;

    private RangeSearch(Model model, Plan plan, LoweredModel lowered, IReadOnlyList<Sample> samples, int workers, CancellationToken cancellationToken)
    {
        this.plan = plan;
        this.lowered = lowered.Model;
        this.samples = samples;
        this.workers = workers;
        this.cancellationToken = cancellationToken;
        reference = OutputReference.Measure(model, samples, workers, cancellationToken, asLogits: true);
        slots = [.. FreeSlot.All(plan, lowered)];
        chosen = [.. slots.Select(s => plan.ParamsOf(s.Tensor))];
    }

    private float[] Stretches => plan.Target.PowerOfTwoScales ? PowersOfTwo : AnyScale;

    /// <summary>Searches.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="plan">All parameters solved.</param>
    /// <param name="weights">The layers' constants, by key.</param>
    /// <param name="samples">At least one.</param>
    /// <param name="workers">Runs side by side, ≥ 1; the result does not depend on it.</param>
    /// <param name="progress">Called <see cref="Steps"/> times.</param>
    /// <param name="stop">Ends it with what it has found.</param>
    /// <param name="cancellationToken">Ends it with nothing.</param>
    /// <returns>The plan with other ranges.</returns>
    public static Plan Run(
        Model model,
        Plan plan,
        IReadOnlyDictionary<string, QuantizedWeights> weights,
        IReadOnlyList<Sample> samples,
        int workers,
        Action? progress,
        CancellationToken stop,
        CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, cancellationToken);
        RangeSearch? search = null;
        try
        {
            search = new RangeSearch(model, plan, QdqLowering.Lower(model, plan, weights, floatWeights: true), samples, workers, either.Token);
            foreach (int size in search.reference.IsEmpty ? [] : BlockSizes(search.slots.Length))
            {
                search.Pass(size, progress);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Stopped: what was found until then is kept.
        }

        return search?.Found() ?? plan;
    }

    /// <summary>Number of calls of <c>progress</c> that a search makes.</summary>
    /// <param name="plan">Its plan.</param>
    public static int Steps(Plan plan)
    {
        int count = plan.Slots.Count(s => s is { Source: SlotSource.Calibrated, Choice: null });
        return BlockSizes(count).Sum(size => (count + size - 1) / size);
    }

    private Plan Found()
    {
        var found = slots.Zip(chosen).Where(p => p.Second != plan.ParamsOf(p.First.Tensor)).ToDictionary(p => p.First.Tensor, p => p.Second, StringComparer.Ordinal);
        return plan with { Slots = [.. plan.Slots.Select(s => found.TryGetValue(s.Tensor, out var parameters) ? s with { Params = parameters, Method = "search" } : s)] };
    }

    private static IEnumerable<int> BlockSizes(int count)
    {
        for (int size = count; size > 1; size = (size + 1) / 2)
        {
            yield return size;
        }

        if (count > 0)
        {
            yield return 1;
        }
    }

    private void Pass(int size, Action? progress)
    {
        var runs = new StagedRuns(lowered, samples, workers, cancellationToken);
        for (int first = 0; first < slots.Length; first += size)
        {
            if (slots[first].Before.Producer is not null)
            {
                runs.RunTo(slots[first].Before, (_, _) => { });
            }

            int end = Math.Min(slots.Length, first + size);
            using (var rest = runs.OpenRest(reference.PlacesIn(lowered.Graph), slots[first..end].SelectMany(s => s.Parameters).ToDictionary(StringComparer.Ordinal)))
            {
                Search(first, end, (parameters, from, count) =>
                {
                    var inputs = parameters.SelectMany((p, i) => slots[first + i].Values(p)).ToDictionary(StringComparer.Ordinal);
                    return reference.ErrorsOf(from, count, i => rest.Run(i, inputs, cancellationToken), workers, cancellationToken);
                });
            }

            for (int i = first; i < end; i++)
            {
                slots[i].Set(chosen[i]);
            }

            progress?.Invoke();
        }
    }

    private void Search(int first, int end, Func<QuantParams[], int, int, double[]> price)
    {
        var best = chosen[first..end];
        int heat = Math.Min(Heat, samples.Count);
        double[] least = price(best, 0, samples.Count);
        bool Try(float low, float high)
        {
            QuantParams[] candidate = [.. best.Select((b, i) => plan.Capped(slots[first + i].Tensor, Stretched(b, low, high)))];
            if (candidate.SequenceEqual(best) || price(candidate, 0, heat) is var few && !OutputReference.IsBetter(few, least[..heat], Promise))
            {
                return false;
            }

            double[] errors = [.. few, .. price(candidate, heat, samples.Count - heat)];
            bool better = OutputReference.IsBetter(errors, least);
            (best, least) = better ? (candidate, errors) : (best, least);
            return better;
        }

        foreach (float stretch in Stretches)
        {
            while (Try(stretch, stretch))
            {
            }
        }

        if (end - first == 1 && !plan.Target.SymmetricActivations && Ends(best[0]) is { Min: < 0, Max: > 0 })
        {
            foreach (float stretch in Stretches)
            {
                _ = Try(stretch, 1);
                _ = Try(1, stretch);
            }
        }

        best.CopyTo(chosen, first);
    }

    private QuantParams Stretched(QuantParams parameters, float low, float high)
    {
        var (min, max) = Ends(parameters);
        return new ValueRange(min * low, max * high).ToQuantParams(parameters.Type, plan.Target.SymmetricActivations);
    }

    private (float Min, float Max) Ends(QuantParams parameters)
    {
        // A symmetric scheme's range ends one step above its lowest code.
        int low = plan.Target.SymmetricActivations ? parameters.ZeroPoint - (parameters.Type.Max - parameters.ZeroPoint) : parameters.Type.Min;
        return ((low - parameters.ZeroPoint) * parameters.Scale, (parameters.Type.Max - parameters.ZeroPoint) * parameters.Scale);
    }
}
