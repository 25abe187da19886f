using Octet.Graphs;
using Octet.Planning;

namespace Octet;

/// <summary>What a quantizer made.</summary>
/// <param name="Model">The integer model, with its manifest in the metadata.</param>
/// <param name="Plan">What was decided; null in modes without calibrated activations.</param>
/// <param name="Report">What was done and what it cost.</param>
public sealed record QuantizedModel(Model Model, Plan? Plan, QuantizationReport Report);
