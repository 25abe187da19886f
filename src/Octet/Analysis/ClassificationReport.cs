namespace Octet.Analysis;

/// <summary>How often the models name the right class. Shares are 0 to 1; of several equal scores the first counts as the larger.</summary>
/// <param name="Output">Name of the output that the labels were compared with.</param>
/// <param name="Items">Items with a label.</param>
/// <param name="Top1">Share of the items whose label has the largest score.</param>
/// <param name="Top5">Share of the items whose label is among the five largest; null for outputs of at most 5 classes, or of classes instead of scores.</param>
/// <param name="ReferenceTop1">The same of the reference; null without one.</param>
/// <param name="ReferenceTop5">The same of the reference; null without one.</param>
public sealed record ClassificationReport(string Output, long Items, double Top1, double? Top5, double? ReferenceTop1, double? ReferenceTop5);
