using Octet.Numerics;

namespace Octet.Analysis;

/// <summary>What a model gave for one sample.</summary>
/// <param name="Index">The sample's position, from 0.</param>
/// <param name="Name">What the user calls it.</param>
/// <param name="Labels">The classes of its items, null for those not known.</param>
/// <param name="Outputs">By name.</param>
public sealed record SampleOutputs(int Index, string Name, IReadOnlyList<int?> Labels, IReadOnlyDictionary<string, Tensor> Outputs);
