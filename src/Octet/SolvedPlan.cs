using Octet.Calibration;
using Octet.Planning;
using Octet.Refinement;

namespace Octet;

/// <summary>A plan with all that is needed to write it into a model, and with what is known of how it came about.</summary>
/// <param name="Plan">All parameters solved.</param>
/// <param name="Weights">The layers' constants, by key.</param>
/// <param name="Reports">What was done to the weights that were judged on samples, by key, group by group.</param>
/// <param name="Statistics">What was observed, by tensor.</param>
internal sealed record SolvedPlan(
    Plan Plan,
    IReadOnlyDictionary<string, QuantizedWeights> Weights,
    IReadOnlyDictionary<string, IReadOnlyList<WeightReport>> Reports,
    IReadOnlyDictionary<string, TensorStatistics> Statistics)
{
    /// <summary>Name of the threshold method whose ranges for all activations were better at the network's outputs than those chosen one by one; null where none was.</summary>
    public string? MethodForAll { get; init; }

    /// <summary>Whether the weights make up for the errors before them; null where that was not tried.</summary>
    public bool? WeightsInOrder { get; init; }

    /// <summary>How far the search had come when it was ended early; null where it was not.</summary>
    public string? SearchCutShort { get; init; }
}
