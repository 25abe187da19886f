using Octet.Calibration;
using Octet.Data;
using Octet.Graphs;
using Octet.Inference;

namespace Octet.Planning;

/// <summary>
/// The ranges of a float model's tensors over a few samples. The model is run when a tensor is asked for that was not yet, so that the plans of several targets, which ask
/// for much the same, cost one run.
/// </summary>
/// <param name="model">The model; it must not change.</param>
/// <param name="samples">At least one.</param>
/// <param name="workers">Samples side by side, ≥ 1; the ranges do not depend on it.</param>
public sealed class ObservedRanges(Model model, IReadOnlyList<Sample> samples, int workers)
{
    private readonly Dictionary<string, ObservedRange> known = new(StringComparer.Ordinal);

    /// <summary>The ranges of tensors, those of earlier calls among them.</summary>
    /// <param name="tensors">Names of graph inputs or of values that nodes produce.</param>
    /// <param name="counted">Which of them need a histogram.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    internal IReadOnlyDictionary<string, ObservedRange> Of(IEnumerable<string> tensors, HashSet<string> counted, CancellationToken cancellationToken)
    {
        string[] missing = [.. tensors.Where(t => !known.TryGetValue(t, out var range) || (counted.Contains(t) && range.Histogram is null))];
        if (missing.Length == 0)
        {
            return known;
        }

        string[] outputs = [.. missing.Select(t => ObservedSession.OutputName(model.Graph, t))];
        ObservedRange[] found = [.. missing.Select(t => new ObservedRange(counted.Contains(t)))];
        using var session = ObservedSession.Open(model, missing, arena: false);
        ParallelRuns.ForEach(samples.Count, workers, i =>
        {
            using var values = session.Run(samples[i].Inputs, outputs, cancellationToken);
            for (int t = 0; t < missing.Length; t++)
            {
                if (values.IsFloat(t))
                {
                    found[t].Add(values.Span<float>(t), values.ShapeOf(t));
                }
            }
        }, cancellationToken);
        for (int t = 0; t < missing.Length; t++)
        {
            known[missing[t]] = found[t];
        }

        return known;
    }
}
