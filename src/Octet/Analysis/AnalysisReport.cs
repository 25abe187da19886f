using System.Collections.Immutable;
using Octet.Analysis.Causes;
using Octet.Calibration.Advice;

namespace Octet.Analysis;

/// <summary>Where a quantization loses accuracy, measured. Tables, pictures and the JSON are views of it.</summary>
public sealed record AnalysisReport
{
    /// <summary>Version of Octet.</summary>
    public required string Version { get; init; }

    /// <summary>Name of the target.</summary>
    public required string Target { get; init; }

    /// <summary>Samples that calibrated.</summary>
    public required int Calibration { get; init; }

    /// <summary>Samples that were measured on.</summary>
    public required int Samples { get; init; }

    /// <summary>Signal-to-noise ratio of the outputs in dB: −10·log₁₀ of the mean over the outputs of Σ(f−q)² / Σf².</summary>
    public required double Sqnr { get; init; }

    /// <summary>The causes that were found, those first that cost most.</summary>
    public ImmutableArray<Diagnosis> Diagnoses { get; init; } = [];

    /// <summary>The quantized layers with weights, in the order of the graph.</summary>
    public ImmutableArray<LayerAnalysisReport> Layers { get; init; } = [];

    /// <summary>The quantized activations, in the order of the graph.</summary>
    public ImmutableArray<TensorAnalysisReport> Tensors { get; init; } = [];

    /// <summary>The float constants of the quantized layers, in the order of the graph.</summary>
    public ImmutableArray<ParameterSummary> Parameters { get; init; } = [];

    /// <summary>How unlike the evaluation samples are the calibration samples, tensor by tensor; empty where none were given apart.</summary>
    public ImmutableArray<TensorDrift> Drift { get; init; } = [];

    /// <summary>What is worth knowing: each with a code.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Seconds of each phase, in order.</summary>
    public ImmutableArray<PhaseTime> Phases { get; init; } = [];
}
