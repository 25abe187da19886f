using Octet.Analysis;

namespace Octet.Cli.Commands;

/// <summary>The JSON of <c>octet evaluate</c>.</summary>
/// <param name="Version">Version of Octet.</param>
/// <param name="Model">Path of the model, as the user gave it.</param>
/// <param name="Reference">Path of the float model, as the user gave it; null without one.</param>
/// <param name="Evaluation">The measures.</param>
/// <param name="Latency">Time of a run, reference and model; null without a reference.</param>
internal sealed record EvaluateResult(string Version, string Model, string? Reference, EvaluationReport Evaluation, LatencyReport? Latency);
