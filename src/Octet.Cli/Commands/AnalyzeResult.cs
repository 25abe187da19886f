using Octet.Analysis;

namespace Octet.Cli.Commands;

/// <summary>The JSON of <c>octet analyze</c>.</summary>
/// <param name="Model">Path of the float model, as the user gave it.</param>
/// <param name="Analysis">What was measured.</param>
internal sealed record AnalyzeResult(string Model, AnalysisReport Analysis);
