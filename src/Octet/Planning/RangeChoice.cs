namespace Octet.Planning;

/// <summary>How a user wants the range of one activation to be chosen.</summary>
/// <param name="Setting">The setting that says so, as the user wrote it.</param>
/// <param name="Method">Name of the threshold method, or <c>auto</c>; null for that of all.</param>
/// <param name="Factor">What the computed range is multiplied with.</param>
/// <param name="Threshold">The largest magnitude, in place of a computed range; null for none.</param>
public sealed record RangeChoice(string Setting, string? Method, double Factor, double? Threshold);
