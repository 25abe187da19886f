using System.Collections.Immutable;

namespace Octet.Numerics.Rescaling;

/// <summary>What <see cref="Bm1684Arithmetic"/> makes of a layer: y = sat8((Σ w x + bias) shifted right).</summary>
/// <param name="Weights">Rows behind each other.</param>
/// <param name="Biases">16 bits, one a row; empty for none.</param>
/// <param name="Rescale">The shifts, one or one a row.</param>
public sealed record Bm1684Layer(ImmutableArray<sbyte> Weights, ImmutableArray<int> Biases, ShiftRescale Rescale);
