using System.Collections.Immutable;
using System.Globalization;

namespace Octet.Numerics;

/// <summary>The dimensions of a tensor, outermost first. A shape without dimensions is a scalar.</summary>
public readonly struct Shape : IEquatable<Shape>
{
    private readonly ImmutableArray<long> dimensions;

    /// <summary>Makes a shape.</summary>
    /// <param name="dimensions">Each ≥ 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is negative.</exception>
    /// <exception cref="OverflowException">The product of the dimensions exceeds <see cref="long.MaxValue"/>.</exception>
    public Shape(params ReadOnlySpan<long> dimensions)
    {
        long count = 1;
        foreach (long dimension in dimensions)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(dimension, nameof(dimensions));
            count = checked(count * dimension);
        }

        this.dimensions = [.. dimensions];
        Count = count;
    }

    /// <summary>The dimensions, outermost first.</summary>
    public ImmutableArray<long> Dimensions => dimensions.IsDefault ? [] : dimensions;

    /// <summary>Number of dimensions.</summary>
    public int Rank => Dimensions.Length;

    /// <summary>Number of elements: the product of the dimensions, 1 for a scalar.</summary>
    public long Count { get => dimensions.IsDefault ? 1 : field; }

    /// <summary>Dimension <paramref name="axis"/>; a negative axis counts from the last.</summary>
    public long this[int axis] => Dimensions[axis < 0 ? Rank + axis : axis];

    /// <summary>Number of elements behind one index of an axis: the product of the dimensions after it, 1 after the last.</summary>
    /// <param name="axis">The axis; a negative one counts from the last.</param>
    public long CountAfter(int axis)
    {
        long count = 1;
        for (int i = (axis < 0 ? Rank + axis : axis) + 1; i < Rank; i++)
        {
            count *= Dimensions[i];
        }

        return count;
    }

    /// <summary>Whether two shapes have the same dimensions.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether two shapes differ.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Shape other) => Dimensions.AsSpan().SequenceEqual(other.Dimensions.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (long dimension in Dimensions)
        {
            hash.Add(dimension);
        }

        return hash.ToHashCode();
    }

    /// <summary>For example <c>[1,3,224,224]</c>.</summary>
    public override string ToString()
        => "[" + string.Join(',', Dimensions.Select(d => d.ToString(CultureInfo.InvariantCulture))) + "]";
}
