using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Octet.Analysis;
using Octet.Calibration.Advice;

namespace Octet.Cli.Commands;

/// <summary>The JSON of <c>octet quantize</c> and of <c>octet demo</c>.</summary>
/// <param name="Model">Path of the float model, as the user gave it.</param>
/// <param name="Output">Path of the integer model, as the user gave it.</param>
/// <param name="Quantization">What was done.</param>
/// <param name="Evaluation">Integer against float on the evaluation samples; null without any.</param>
/// <param name="Latency">Time of a run, float and integer; null without evaluation samples.</param>
internal sealed record QuantizeResult(string Model, string Output, QuantizationReport Quantization, EvaluationReport? Evaluation, LatencyReport? Latency)
{
    /// <summary>How unlike the evaluation samples are the calibration samples, tensor by tensor; empty without evaluation samples or calibration.</summary>
    public ImmutableArray<TensorDrift> Drift { get; init; } = [];

    /// <summary>The C that was written; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CResult? C { get; init; }
}
