using System.Collections.Immutable;
using Octet.Numerics;

namespace Octet.Inference;

/// <summary>An input or output of a session.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="ElementType">Type of its elements; <see cref="ElementType.Undefined"/> where it is not a tensor.</param>
/// <param name="Dimensions">Null for a dimension that is not fixed.</param>
public sealed record SessionPort(string Name, ElementType ElementType, ImmutableArray<long?> Dimensions);
