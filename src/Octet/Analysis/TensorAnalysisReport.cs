namespace Octet.Analysis;

/// <summary>One quantized activation's part in an analysis.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Scale">Its scale.</param>
/// <param name="ZeroPoint">Its zero point.</param>
/// <param name="Values">What its float values are like; null where it has none.</param>
public sealed record TensorAnalysisReport(string Name, float Scale, int ZeroPoint, TensorSummary? Values);
