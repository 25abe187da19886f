using Octet.Analysis;
using Octet.Data;

namespace Octet;

/// <summary>What an analysis measured of layers and tensors.</summary>
/// <param name="Report">As a report, without what only the caller knows.</param>
/// <param name="Samples">The samples that were measured on.</param>
/// <param name="Noise">Each layer's own error.</param>
/// <param name="Tensors">The tensors, by name.</param>
internal sealed record LayerMeasurement(AnalysisReport Report, IReadOnlyList<Sample> Samples, LayerNoise Noise, IReadOnlyDictionary<string, TensorSummary> Tensors);
