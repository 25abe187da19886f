namespace Octet.Analysis;

/// <summary>What the user's own metric says.</summary>
/// <param name="Name">The metric.</param>
/// <param name="Value">Of the model.</param>
/// <param name="Reference">Of the reference; null without one.</param>
public sealed record MetricReport(string Name, double Value, double? Reference);
