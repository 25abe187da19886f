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

    /// <summary>Share of the multiply-accumulates that are integer, 0 to 1.</summary>
    public double QuantizedShare { get; init; }

    /// <summary>All layers of the simplified graph, in order.</summary>
    public ImmutableArray<LayerReport> Layers { get; init; } = [];

    /// <summary>All quantized activations, in order.</summary>
    public ImmutableArray<TensorReport> Tensors { get; init; } = [];

    /// <summary>What is worth knowing: each with a code.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Seconds of each phase, in order.</summary>
    public ImmutableArray<PhaseTime> Phases { get; init; } = [];
}

/// <summary>One layer's part in a report.</summary>
/// <param name="Name">The user's name for it.</param>
/// <param name="OpType">Operator.</param>
/// <param name="Decision"><c>quantized</c>, <c>absorbed</c> or <c>float</c>.</param>
/// <param name="Why">Why it is float; null where it is not.</param>
/// <param name="MultiplyAccumulates">Of one sample.</param>
/// <param name="Sqnr">10·log₁₀(Σf² / Σ(f−q)²) of its output with everything before it quantized, in dB; null where not measured.</param>
/// <param name="WeightRounding">How the weights were rounded: <c>nearest</c> or <c>feedback</c>; null where there are none.</param>
/// <param name="SaturatingChannels">Output channels whose weights were narrowed so that pair sums do not saturate.</param>
public sealed record LayerReport(
    string Name, string OpType, string Decision, string? Why, long MultiplyAccumulates, double? Sqnr, string? WeightRounding, int SaturatingChannels);

/// <summary>One activation's part in a report.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Min">Smallest observed value.</param>
/// <param name="Max">Largest observed value.</param>
/// <param name="Scale">Its scale.</param>
/// <param name="ZeroPoint">Its zero point.</param>
/// <param name="Method">The threshold method chosen; null where the range is fixed or shared.</param>
public sealed record TensorReport(string Name, float? Min, float? Max, float Scale, int ZeroPoint, string? Method);

/// <summary>Time that a phase took.</summary>
/// <param name="Name">For example <c>calibration</c>.</param>
/// <param name="Seconds">Wall clock.</param>
public sealed record PhaseTime(string Name, double Seconds);
