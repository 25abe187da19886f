using System.Globalization;

namespace Octet.Graphs;

/// <summary>One dimension of a stated shape: a number, a symbol, or unknown.</summary>
/// <param name="Size">Null where not a number.</param>
/// <param name="Symbol">A name such as <c>batch</c>; null where there is none.</param>
public readonly record struct Dimension(long? Size, string? Symbol)
{
    /// <summary>The size, the symbol, or <c>?</c>.</summary>
    public override string ToString() => Size?.ToString(CultureInfo.InvariantCulture) ?? Symbol ?? "?";
}
