namespace Octet.Data;

/// <summary>The order of the dimensions of pictures.</summary>
public enum PixelLayout
{
    /// <summary>Batch, channels, rows, columns.</summary>
    Nchw,

    /// <summary>Batch, rows, columns, channels.</summary>
    Nhwc,
}
