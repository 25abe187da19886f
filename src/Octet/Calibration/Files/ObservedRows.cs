using Octet.Calibration.Patches;

namespace Octet.Calibration.Files;

/// <summary>The sampled rows of a layer in a file of statistics.</summary>
/// <param name="Hash">SHA-256 (hexadecimal) of all that the layer's input is computed from, weights included; see <see cref="Graphs.ContentHashes"/>.</param>
/// <param name="Rows">The rows.</param>
public sealed record ObservedRows(string Hash, PatchSet Rows);
