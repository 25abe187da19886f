namespace Octet;

/// <summary>What became of a setting for single layers, at one layer.</summary>
/// <param name="Setting">The setting, as the user wrote it.</param>
/// <param name="Layer">The layer, or the graph input.</param>
/// <param name="Decided">What was decided, in words.</param>
public sealed record LayerChoiceReport(string Setting, string Layer, string Decided);
