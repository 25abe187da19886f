using Octet.Numerics;
using Octet.Operators;
using Octet.Refinement;

namespace Octet.Analysis.Causes;

/// <summary>A bias that does not fit 32 bits of input scale × weight scale, so that the weights' scale was raised for it and the weights lost their steps.</summary>
public sealed class BiasOverflow : Cause
{
    private const float Ratio = 4;

    // The least share of the output's bound that float arithmetic itself still holds, with some to spare.
    private const double LeastShare = 1e-6;

    /// <inheritdoc/>
    public override string Name => "bias overflow";

    /// <inheritdoc/>
    public override bool IsProvenByTrial => false;

    /// <inheritdoc/>
    public override IEnumerable<Suspicion> Find(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var layer in evidence.Plan.WeightedLayers)
        {
            var node = layer.NodeIn(evidence.Graph);
            var role = (OperatorRole.Weighted)layer.Role;
            if (role.BiasInput is not { } index || node.Input(index)?.Constant?.ToFloats() is not { } bias)
            {
                continue;
            }

            float[] largest = new ChannelRows(evidence.WeightsOf(layer), role.ChannelAxis).LargestMagnitudes();
            var input = evidence.Plan.ParamsOf(layer.DataInputs[0]);
            float[] least = BiasQuantizer.MinimumScales([.. bias.Select(b => (double)b)], input.Scale);
            float bound = Math.Max(-input.RealMin(), input.RealMax());
            int worst = Enumerable.Range(0, Math.Min(bias.Length, largest.Length))
                .Where(c => largest[c] * bound > LeastShare * Math.Abs(bias[c]))
                .OrderByDescending(c => least[c] / largest[c]).FirstOrDefault(-1);
            if (worst >= 0 && least[worst] * layer.WeightType!.Value.Max > Ratio * largest[worst])
            {
                yield return new Suspicion(
                    layer.Name,
                    FormattableString.Invariant($"the bias of channel {worst} is {bias[worst]:G3}, its weights reach {largest[worst]:G3}; for the bias to fit 32 bits they keep {largest[worst] / least[worst]:0.#} steps"),
                    layer.Key);
            }
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<Remedy> Remedies(Evidence evidence, IReadOnlyList<Suspicion> suspicions) => [Remedy.KeepFloat(evidence, suspicions)];
}
