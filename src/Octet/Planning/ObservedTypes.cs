using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Planning;

/// <summary>Element types and shapes of a graph's values as a run of one sample showed them, or as constants have them.</summary>
/// <param name="types">By value name; values that are no tensors are absent.</param>
public sealed class ObservedTypes(IReadOnlyDictionary<string, (ElementType Type, Shape Shape)> types)
{
    /// <summary>All that was observed, by value name.</summary>
    public IReadOnlyDictionary<string, (ElementType Type, Shape Shape)> All => types;

    /// <summary>Element type of a value; <see cref="ElementType.Undefined"/> where it is not known.</summary>
    public ElementType TypeOf(Value value)
        => value.Constant?.Type ?? (types.TryGetValue(value.Name, out var observed) ? observed.Type : ElementType.Undefined);

    /// <summary>Shape of a value for one sample; null where it is not known.</summary>
    public Shape? ShapeOf(Value value)
        => value.Constant?.Shape ?? (types.TryGetValue(value.Name, out var observed) ? observed.Shape : null);
}
