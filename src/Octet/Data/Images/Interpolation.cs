namespace Octet.Data.Images;

/// <summary>How a resized picture's values come from the original's.</summary>
public enum Interpolation
{
    /// <summary>The pixel at ⌊destination · scale⌋ (OpenCV INTER_NEAREST).</summary>
    Nearest,

    /// <summary>The two nearest pixels an axis, at half-pixel centres, edges repeated, no smoothing when shrinking (OpenCV INTER_LINEAR).</summary>
    Linear,

    /// <summary>The four nearest pixels an axis by Keys' cubic with a = −0.75 (OpenCV INTER_CUBIC), at half-pixel centres, edges repeated.</summary>
    Cubic,

    /// <summary>Linear with a triangle as wide as the reduction, which smooths when shrinking (Pillow BILINEAR, torchvision's Resize).</summary>
    Antialias,
}
