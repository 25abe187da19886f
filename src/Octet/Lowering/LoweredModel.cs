using Octet.Graphs;

namespace Octet.Lowering;

/// <summary>A model with a plan written into it.</summary>
/// <param name="Model">The model.</param>
/// <param name="LayerOutputs">For every layer with weights, by its key, the name of what it computes before it is rounded.</param>
/// <param name="Quantized">For every activation that is rounded, by its tensor, the name of the integers.</param>
public sealed record LoweredModel(Model Model, IReadOnlyDictionary<string, string> LayerOutputs, IReadOnlyDictionary<string, string> Quantized);
