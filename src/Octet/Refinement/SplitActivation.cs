using System.Collections.Immutable;

namespace Octet.Refinement;

/// <summary>What was done to an activation of which channels were split.</summary>
/// <param name="Tensor">Its name.</param>
/// <param name="Layers">Keys of the layers that read it.</param>
/// <param name="Channels">Channels that it had.</param>
/// <param name="Added">Channels that it has more now.</param>
/// <param name="Gain">By how much the error at the outputs of the layers that read it became smaller, on rows that it was not chosen by, in dB.</param>
internal sealed record SplitActivation(string Tensor, ImmutableArray<string> Layers, int Channels, int Added, double Gain);
