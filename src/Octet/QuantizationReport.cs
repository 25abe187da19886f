using System.Collections.Immutable;

namespace Octet;

/// <summary>What a quantization did and what it cost, measured. The console summary and the JSON are views of it.</summary>
public sealed record QuantizationReport
{
    /// <summary>Version of Octet.</summary>
    public required string Version { get; init; }

    /// <summary>The mode, target, method and effort in force.</summary>
    public required string Mode { get; init; }

    /// <summary>Name of the target.</summary>
    public required string Target { get; init; }

    /// <summary>Samples that calibrated; 0 where none were needed.</summary>
    public int Samples { get; init; }

    /// <summary>Size of the float model in bytes, as it was read.</summary>
    public long FloatBytes { get; init; }

    /// <summary>Size of the quantized model in bytes.</summary>
    public long QuantizedBytes { get; init; }

    /// <summary>
    /// Share of the multiply-accumulates that are integer, 0 to 1. Modes without calibration do not see shapes: there it is the share of
    /// the constant values that are stored as integers.
    /// </summary>
    public double QuantizedShare { get; init; }

    /// <summary>
    /// Signal-to-noise ratio of the outputs on up to 32 of the calibration samples, in dB: −10·log₁₀ of the mean over the outputs of Σ(f−q)² / Σf². An estimate
    /// only, since these samples were quantized for; null where not measured.
    /// </summary>
    public double? Sqnr { get; init; }

    /// <summary>All layers of the simplified graph, in order.</summary>
    public ImmutableArray<LayerReport> Layers { get; init; } = [];

    /// <summary>All quantized activations, in order.</summary>
    public ImmutableArray<TensorReport> Tensors { get; init; } = [];

    /// <summary>What became of the settings for single layers, setting by setting.</summary>
    public ImmutableArray<LayerChoiceReport> Choices { get; init; } = [];

    /// <summary>What was done to single activations of the float network so that they are easier to quantize, in the order in which it was done.</summary>
    public ImmutableArray<RefinementReport> Refinements { get; init; } = [];

    /// <summary>
    /// Whether weights were rounded, layer after layer, to make up for the errors of those before (<see cref="Effort.High"/>); null where that was not tried.
    /// </summary>
    public bool? WeightsInOrder { get; init; }

    /// <summary>
    /// How far the search of <see cref="Effort.High"/> had come when it was ended early (<see cref="QuantizerOptions.SearchStop"/>), in words; null where it was not.
    /// </summary>
    public string? SearchCutShort { get; init; }

    /// <summary>What is worth knowing: each with a code.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>
    /// Parts of the outputs whose values are gone, a sentence each, seen on up to 8 of the calibration samples. Such a model is of no use; the command
    /// does not write it.
    /// </summary>
    public ImmutableArray<string> Lost { get; init; } = [];

    /// <summary>Seconds of each phase, in order.</summary>
    public ImmutableArray<PhaseTime> Phases { get; init; } = [];
}
