namespace Octet;

/// <summary>How far a quantization has come.</summary>
/// <param name="Phase">What is being done, for people.</param>
/// <param name="Done">Steps of the phase that are done.</param>
/// <param name="Total">Steps of the phase.</param>
/// <param name="Overall">Share of the whole work that is done, 0 to 1, by the phases' usual lengths.</param>
public sealed record QuantizationProgress(string Phase, int Done, int Total, double Overall);
