using System.Collections.Immutable;

namespace Octet.Refinement;

/// <summary>What became of a layer whose output channels were grouped.</summary>
/// <param name="Layer">Key that it had.</param>
/// <param name="Groups">Keys of the layers in its place.</param>
/// <param name="Gain">dB less noise in its outputs, as it is predicted; the mean over its channels.</param>
internal sealed record GroupedLayer(string Layer, ImmutableArray<string> Groups, double Gain);
