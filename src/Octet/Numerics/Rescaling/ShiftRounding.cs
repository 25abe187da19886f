namespace Octet.Numerics.Rescaling;

/// <summary>What a right shift does with the bits that fall off.</summary>
public enum ShiftRounding
{
    /// <summary>Drops them: towards −∞, as the shift of a processor.</summary>
    Floor,

    /// <summary>To the nearest, halves towards +∞.</summary>
    HalfUp,

    /// <summary>To the nearest, halves towards −∞.</summary>
    HalfDown,

    /// <summary>To the nearest, halves away from 0.</summary>
    HalfAway,

    /// <summary>To the nearest, halves to the even one.</summary>
    HalfEven,
}
