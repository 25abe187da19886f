using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Planning;

namespace Octet;

/// <summary>A float model made easier to quantize, which computes the same as the one that was given.</summary>
/// <param name="Model">The model.</param>
/// <param name="Types">Types and shapes of its values.</param>
internal sealed record RefinedModel(Model Model, ObservedTypes Types)
{
    /// <summary>What was done to the weights of channels that are always zero, a sentence a layer.</summary>
    public IReadOnlyList<string> Limited { get; init; } = [];

    /// <summary>Tensors whose channels have upper bounds of their own, for <see cref="Planner.Build"/>.</summary>
    public ImmutableHashSet<string> Bounded { get; init; } = [];

    /// <summary>What was done to single activations.</summary>
    public ImmutableArray<RefinementReport> Reports { get; init; } = [];

    /// <summary>The same in words, by the key of each layer that reads them.</summary>
    public IReadOnlyDictionary<string, string> Reasons { get; init; } = ImmutableDictionary<string, string>.Empty;
}
