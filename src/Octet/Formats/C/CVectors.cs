using System.Collections.Immutable;

namespace Octet.Formats.C;

/// <summary>One run of a program: what it was given and what came out, quantized.</summary>
/// <param name="Inputs">The values of each input.</param>
/// <param name="Outputs">The values of each output.</param>
public sealed record CVectors(ImmutableArray<ImmutableArray<int>> Inputs, ImmutableArray<ImmutableArray<int>> Outputs);
