using System.Globalization;
using Octet.Numerics;

namespace Octet.Data;

/// <summary>What a model wants of one input.</summary>
/// <param name="Name">The input's name.</param>
/// <param name="Type">Type of its values.</param>
/// <param name="Dimensions">Its dimensions, null where the model takes any; the first one is the batch.</param>
public sealed record InputSpec(string Name, ElementType Type, IReadOnlyList<long?> Dimensions)
{
    /// <summary>Items of the fixed batch that one run takes, 1 where the model leaves the batch open or has no dimensions.</summary>
    internal long Batch => Dimensions.Count > 0 && Dimensions[0] is > 1 and var batch ? batch : 1;

    /// <summary>For example <c>Float32[?,3,224,224]</c>.</summary>
    internal string Wanted
        => $"{Type}[{string.Join(',', Dimensions.Select(d => d?.ToString(CultureInfo.InvariantCulture) ?? "?"))}]";
}
