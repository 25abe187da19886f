using Octet.Numerics;

namespace Octet.Planning;

/// <summary>The plan for one quantized activation.</summary>
/// <param name="Tensor">Its name in the graph.</param>
/// <param name="Source">Where its parameters come from.</param>
/// <param name="Params">The parameters; null until they are solved.</param>
/// <param name="Method">The threshold method that was chosen; null where none was needed or none is chosen yet.</param>
public sealed record TensorSlot(string Tensor, SlotSource Source, QuantParams? Params = null, string? Method = null)
{
    /// <summary>What a user wants for it by itself; null where the options for all hold.</summary>
    public RangeChoice? Choice { get; init; }

    /// <summary>
    /// Where its range ends at the latest, in real values: saturation there does the work of a clamp whose upper bounds, one a channel, are no less; null where there is none.
    /// </summary>
    public float? Cap { get; init; }

    /// <summary>Bits of its values; null for those of the target.</summary>
    public int? Bits { get; init; }

    /// <summary>Why it has these bits; null where they are the target's.</summary>
    public string? WhyBits { get; init; }
}
