namespace Octet.Data.Images;

/// <summary>A decoded picture: 8 bits a channel, row by row, the channels of a pixel side by side (HWC).</summary>
/// <param name="Width">Pixels a row, ≥ 1.</param>
/// <param name="Height">Rows, ≥ 1.</param>
/// <param name="Channels">1 (gray) or 3 (red, green, blue).</param>
/// <param name="Pixels">Width · Height · Channels values.</param>
internal sealed record Picture(int Width, int Height, int Channels, byte[] Pixels);
