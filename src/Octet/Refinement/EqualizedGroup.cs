using System.Collections.Immutable;

namespace Octet.Refinement;

/// <summary>What was done to values that share their channels' scales.</summary>
/// <param name="Tensors">Their names, in the order of the graph.</param>
/// <param name="Layers">Keys of the layers around them, whose weights or biases were changed.</param>
/// <param name="Bounded">Those of the tensors that a Min ends with a bound a channel, for <see cref="Planning.Planner.Build"/>.</param>
/// <param name="Gain">By how much less noise is predicted at the outputs of the layers that read them, in dB.</param>
internal sealed record EqualizedGroup(ImmutableArray<string> Tensors, ImmutableArray<string> Layers, ImmutableArray<string> Bounded, double Gain);
