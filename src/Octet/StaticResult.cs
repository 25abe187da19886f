using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Planning;

namespace Octet;

/// <summary>What a static quantization made, with its parts of the report.</summary>
/// <param name="Model">The integer model.</param>
/// <param name="Plan">What was decided.</param>
/// <param name="Layers">All layers.</param>
/// <param name="Tensors">All quantized activations.</param>
/// <param name="Warnings">Ranges that did not go together, and layers that cost more than the budget.</param>
/// <param name="Lost">Parts of the outputs whose values are gone.</param>
/// <param name="Sqnr">Of the outputs on calibration samples, in dB; null where not measured.</param>
internal sealed record StaticResult(
    Model Model, Plan Plan, ImmutableArray<LayerReport> Layers, ImmutableArray<TensorReport> Tensors, ImmutableArray<string> Warnings, ImmutableArray<string> Lost, double? Sqnr)
{
    /// <summary>Whether weights were rounded to make up for the errors before them; null where that was not tried.</summary>
    public bool? WeightsInOrder { get; init; }

    /// <summary>How far the search had come when it was ended early; null where it was not.</summary>
    public string? SearchCutShort { get; init; }

    /// <summary>What became of the settings for single layers.</summary>
    public ImmutableArray<LayerChoiceReport> Choices { get; init; } = [];

    /// <summary>What was done to single activations of the float model.</summary>
    public ImmutableArray<RefinementReport> Refinements { get; init; } = [];
}
