using System.Collections.Immutable;
using Octet.Numerics;

namespace Octet;

/// <summary>The outputs of a model for all samples.</summary>
/// <param name="Outputs">Each output by its name, in the model's order: the samples behind each other along the first dimension.</param>
/// <param name="Samples">Number of samples.</param>
/// <param name="Arithmetic">The integer engine's arithmetic; null for ONNX Runtime.</param>
/// <param name="FloatLayers">Layers that the integer engine ran as floats, and why.</param>
public sealed record ModelRunResult(
    ImmutableArray<KeyValuePair<string, Tensor>> Outputs, int Samples, string? Arithmetic, ImmutableSortedDictionary<string, string> FloatLayers)
{
    /// <summary>The median of the time that a sample took, in milliseconds, without loading it.</summary>
    public double Milliseconds { get; init; }
}
