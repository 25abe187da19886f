using System.Collections.Immutable;

namespace Octet.Refinement;

/// <summary>What was done to an activation whose outliers were moved to the weights that read it.</summary>
/// <param name="Tensor">Its name.</param>
/// <param name="Layers">Keys of the matrix products that read it.</param>
/// <param name="Strength">How much of the outliers moved, 0.2 to 0.8.</param>
/// <param name="Gain">By how much the error at the products' outputs became smaller, on rows that it was not chosen by, in dB.</param>
/// <param name="Folded">Whether the division is part of what produces the activation; else it is a product of its own.</param>
internal sealed record SmoothedActivation(string Tensor, ImmutableArray<string> Layers, double Strength, double Gain, bool Folded);
