namespace Octet;

/// <summary>Whether something that leaves the float network as it is, but easier to quantize, is done.</summary>
public enum RefinementUse
{
    /// <summary>Where samples tell that it helps.</summary>
    Auto,

    /// <summary>Wherever it can be done.</summary>
    Always,

    /// <summary>Nowhere.</summary>
    Never,
}
