using Octet.Data;
using Octet.Graphs;

namespace Octet.Refinement;

/// <summary>
/// Chooses among ranges for all activations at once by the error that they cause at the network's outputs. What a clipped or rounded tensor does to the outputs
/// depends on all others, so that the ranges which are best for every tensor by itself may not be best for the network.
/// </summary>
internal static class RangeSets
{
    /// <summary>Index of the model with the least error, of those that are better than the first beyond chance; 0 where none is.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="quantized">The model quantized with each set of ranges; made one after the other.</param>
    /// <param name="samples">At least one.</param>
    /// <param name="workers">Runs side by side, ≥ 1; the result does not depend on it.</param>
    /// <param name="progress">Called once a set.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static int Best(Model model, IEnumerable<Model> quantized, IReadOnlyList<Sample> samples, int workers, Action progress, CancellationToken cancellationToken)
    {
        var reference = OutputReference.Measure(model, samples, workers, cancellationToken, asLogits: true);
        if (reference.IsEmpty)
        {
            return 0;
        }

        var errors = new List<double[]>();
        foreach (var candidate in quantized)
        {
            errors.Add(reference.ErrorsOf(candidate, samples, workers, cancellationToken));
            progress();
        }

        return Enumerable.Range(0, errors.Count).Where(i => i == 0 || OutputReference.IsBetter(errors[i], errors[0])).MinBy(i => errors[i].Sum());
    }
}
