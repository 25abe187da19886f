namespace Octet;

/// <summary>What to do about 16-bit sums of neighbouring products that saturate on processors without VNNI.</summary>
public enum SaturationPolicy
{
    /// <summary>Narrow the weights of the channels where it would happen, just enough.</summary>
    Avoid,

    /// <summary>Nothing.</summary>
    Ignore,
}
