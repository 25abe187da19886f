namespace Octet.Calibration.Files;

/// <summary>A tensor in a file of statistics.</summary>
/// <param name="Hash">SHA-256 (hexadecimal) of all that it is computed from, weights included; see <see cref="Graphs.ContentHashes"/>.</param>
/// <param name="Statistics">What was gathered.</param>
public sealed record ObservedTensor(string Hash, TensorStatistics Statistics);
