using System.Collections.Immutable;

namespace Octet.Analysis.Comparison;

/// <summary>How far the tensors of a quantized model are from those of the float model that it was made from.</summary>
public sealed record ComparisonReport
{
    /// <summary>Samples that were measured on.</summary>
    public required int Samples { get; init; }

    /// <summary>Signal-to-noise ratio of the outputs in dB: −10·log₁₀ of the mean over the outputs of Σ(f−q)² / Σf².</summary>
    public required double Sqnr { get; init; }

    /// <summary>The tensors that were matched by their names, in the order of the quantized graph.</summary>
    public ImmutableArray<ComparedTensor> Tensors { get; init; } = [];

    /// <summary>Quantized tensors of which the float model has none of that name, or one of another shape.</summary>
    public ImmutableArray<string> Unmatched { get; init; } = [];

    /// <summary>What is worth knowing: each with a code.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];
}
