using System.Collections.Immutable;
using System.Globalization;
using Octet.Numerics;

namespace Octet.Graphs;

/// <summary>What is known of a value's type before anything ran.</summary>
public abstract record GraphType;

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

/// <summary>A type that Octet does not look into (sequence, optional, map, sparse tensor), as its file format represents it.</summary>
/// <param name="Payload">The format's own object, written back as it came.</param>
public sealed record OpaqueType(object Payload) : GraphType;

/// <summary>One dimension of a stated shape: a number, a symbol, or unknown.</summary>
/// <param name="Size">Null where not a number.</param>
/// <param name="Symbol">A name such as <c>batch</c>; null where there is none.</param>
public readonly record struct Dimension(long? Size, string? Symbol)
{
    /// <summary>The size, the symbol, or <c>?</c>.</summary>
    public override string ToString() => Size?.ToString(CultureInfo.InvariantCulture) ?? Symbol ?? "?";
}
