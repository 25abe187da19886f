using System.Collections.Immutable;
using Octet.Numerics;

namespace Octet.Graphs;

/// <summary>A dense tensor.</summary>
/// <param name="ElementType">Type of the elements.</param>
/// <param name="Dimensions">Null where not even the rank is stated.</param>
public sealed record TensorType(ElementType ElementType, ImmutableArray<Dimension>? Dimensions) : GraphType
{
    /// <summary>The type of tensors of one shape.</summary>
    public static TensorType Of(ElementType elementType, Shape shape)
        => new(elementType, [.. shape.Dimensions.Select(d => new Dimension(d, null))]);

    /// <inheritdoc/>
    public bool Equals(TensorType? other)
        => other is not null && ElementType == other.ElementType && Dimensions.HasValue == other.Dimensions.HasValue
            && (Dimensions is not { } mine || mine.AsSpan().SequenceEqual(other.Dimensions!.Value.AsSpan()));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ElementType, Dimensions?.Length);

    /// <summary>For example <c>Float32[N,3,224,224]</c>.</summary>
    public override string ToString()
        => ElementType + (Dimensions is { } dimensions ? "[" + string.Join(',', dimensions) + "]" : string.Empty);
}
