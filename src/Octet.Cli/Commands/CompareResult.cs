using Octet.Analysis.Comparison;

namespace Octet.Cli.Commands;

/// <summary>The JSON of <c>octet analyze --reference</c>.</summary>
/// <param name="Version">Version of Octet.</param>
/// <param name="Model">Path of the quantized model, as the user gave it.</param>
/// <param name="Reference">Path of the float model, as the user gave it.</param>
/// <param name="Comparison">What was measured.</param>
internal sealed record CompareResult(string Version, string Model, string Reference, ComparisonReport Comparison);
