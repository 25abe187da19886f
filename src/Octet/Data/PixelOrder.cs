namespace Octet.Data;

/// <summary>The colours of a pixel, in the order in which a model takes them.</summary>
public enum PixelOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red.</summary>
    Bgr,

    /// <summary>One channel of brightness.</summary>
    Gray,
}
