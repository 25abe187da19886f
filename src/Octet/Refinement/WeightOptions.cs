namespace Octet.Refinement;

/// <summary>How <see cref="WeightSolver"/> chooses scales and rounds.</summary>
public sealed record WeightOptions
{
    /// <summary>Whether ranges below the largest weight are tried, too, and judged by the output error; true by default.</summary>
    public bool RangeSearch { get; init; } = true;

    /// <summary>Whether the rounding error of one weight is made up for by the weights that come after it (<see cref="Refinement.ErrorFeedback"/>); true by default.</summary>
    public bool ErrorFeedback { get; init; } = true;

    /// <summary>
    /// What is added to the diagonal of the Gram matrix, as a share of its mean: &gt; 0, 0.01 by default. More trusts the sample less.
    /// </summary>
    public double Damping { get; init; } = 0.01;

    /// <summary>
    /// By how much activations may exceed the sampled ones without a pair sum saturating, as a share: ≥ 0, 0.05 by default.
    /// </summary>
    public double SaturationMargin { get; init; } = 0.05;
}
