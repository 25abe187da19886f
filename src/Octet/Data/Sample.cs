using Octet.Numerics;

namespace Octet.Data;

/// <summary>The values of one run of a model.</summary>
/// <param name="Index">Position in its source, from 0.</param>
/// <param name="Name">What the user calls it: the file's name, or the number of the row.</param>
/// <param name="Inputs">Values by the name of the model's input; the name "" means the model's only input. The batch is the first dimension.</param>
/// <param name="Label">The class, from 0, where it is known.</param>
public sealed record Sample(int Index, string Name, IReadOnlyDictionary<string, Tensor> Inputs, int? Label);
