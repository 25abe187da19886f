using System.Buffers.Binary;

namespace Octet.Data.Images;

/// <summary>
/// Reads uncompressed Windows bitmaps (1, 4, 8, 16, 24 and 32 bits a pixel, palettes and bit fields), which libvips leaves to others.
/// The layout is that of BITMAPFILEHEADER and BITMAPINFOHEADER with its successors.
/// </summary>
internal static class BmpDecoder
{
    private const int FileHeaderLength = 14;
    private const int Uncompressed = 0;
    private const int BitFields = 3;
    private const int AlphaBitFields = 6;

    /// <summary>Decodes a bitmap; a fourth channel is dropped, since bitmaps seldom mean it.</summary>
    internal static DecodeOutcome Decode(ReadOnlySpan<byte> file, long maxPixels)
    {
        if (file.Length < FileHeaderLength + 40 || ReadInt32(file, 14) is var headerLength && (headerLength < 40 || headerLength > file.Length - FileHeaderLength))
        {
            return Damaged("the header is cut off or of the OS/2 kind");
        }

        long width = ReadInt32(file, 18);
        long signedHeight = ReadInt32(file, 22);
        long height = Math.Abs(signedHeight);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(file[28..]);
        int compression = ReadInt32(file, 30);
        long pixelOffset = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]);
        if (width < 1 || height < 1)
        {
            return Damaged($"it says that it is {width}x{height} pixels");
        }

        if (width * height > maxPixels)
        {
            return new DecodeOutcome(null, $"{width}x{height} pixels", true);
        }

        bool masked = compression is BitFields or AlphaBitFields && bits is 16 or 32;
        if (bits is not (1 or 4 or 8 or 16 or 24 or 32) || (compression != Uncompressed && !masked))
        {
            return Damaged($"bitmaps of {bits} bits a pixel with compression {compression} are not read");
        }

        long stride = (width * bits + 31) / 32 * 4;
        if (pixelOffset < FileHeaderLength + 40 || pixelOffset + stride * height > file.Length)
        {
            return Damaged("it ends before its last row");
        }

        var pixels = new byte[checked((int)(width * height * 3))];
        var rows = new Rows(file[(int)pixelOffset..], (int)stride, (int)width, (int)height, signedHeight > 0);
        bool valid = bits switch
        {
            <= 8 => ReadPalette(file, headerLength, bits, rows, pixels),
            24 => Read24(rows, pixels),
            _ => ReadMasked(file, bits, masked, rows, pixels),
        };
        return valid ? new DecodeOutcome(new Picture((int)width, (int)height, 3, pixels), null, false) : Damaged("its palette or bit fields are cut off");
    }

    private static bool ReadPalette(ReadOnlySpan<byte> file, int headerLength, int bits, Rows rows, byte[] pixels)
    {
        int start = FileHeaderLength + headerLength;
        int stated = ReadInt32(file, 46);
        int colors = stated == 0 ? 1 << bits : stated;
        if (colors < 1 || colors > 256 || start + colors * 4 > file.Length)
        {
            return false;
        }

        var palette = file.Slice(start, colors * 4);
        int at = 0;
        for (int y = 0; y < rows.Height; y++)
        {
            var row = rows.Row(y);
            for (int x = 0; x < rows.Width; x++)
            {
                int bit = x * bits;
                int index = (row[bit / 8] >> (8 - bits - bit % 8)) & ((1 << bits) - 1);
                if (index >= colors)
                {
                    return false;
                }

                (pixels[at], pixels[at + 1], pixels[at + 2]) = (palette[index * 4 + 2], palette[index * 4 + 1], palette[index * 4]);
                at += 3;
            }
        }

        return true;
    }

    private static bool Read24(Rows rows, byte[] pixels)
    {
        int at = 0;
        for (int y = 0; y < rows.Height; y++)
        {
            var row = rows.Row(y);
            for (int x = 0; x < rows.Width; x++, at += 3)
            {
                (pixels[at], pixels[at + 1], pixels[at + 2]) = (row[x * 3 + 2], row[x * 3 + 1], row[x * 3]);
            }
        }

        return true;
    }

    private static bool ReadMasked(ReadOnlySpan<byte> file, int bits, bool masked, Rows rows, byte[] pixels)
    {
        Span<uint> masks = bits == 32 ? [0xFF0000, 0xFF00, 0xFF] : [0x7C00, 0x3E0, 0x1F];
        if (masked)
        {
            if (file.Length < 66)
            {
                return false;
            }

            for (int i = 0; i < 3; i++)
            {
                masks[i] = BinaryPrimitives.ReadUInt32LittleEndian(file[(54 + i * 4)..]);
            }
        }

        int at = 0;
        for (int y = 0; y < rows.Height; y++)
        {
            var row = rows.Row(y);
            for (int x = 0; x < rows.Width; x++)
            {
                uint value = bits == 32 ? BinaryPrimitives.ReadUInt32LittleEndian(row[(x * 4)..]) : BinaryPrimitives.ReadUInt16LittleEndian(row[(x * 2)..]);
                foreach (uint mask in masks)
                {
                    int shift = System.Numerics.BitOperations.TrailingZeroCount(mask);
                    ulong largest = mask == 0 ? 1 : mask >> shift;
                    pixels[at++] = (byte)(((ulong)((value & mask) >> (shift & 31)) * 255 + largest / 2) / largest);
                }
            }
        }

        return true;
    }

    private static int ReadInt32(ReadOnlySpan<byte> file, int offset) => BinaryPrimitives.ReadInt32LittleEndian(file[offset..]);

    private static DecodeOutcome Damaged(string problem) => new(null, problem, false);

    /// <summary>The rows of a bitmap from the top, whichever way the file stores them.</summary>
    private readonly ref struct Rows(ReadOnlySpan<byte> data, int stride, int width, int height, bool bottomUp)
    {
        private readonly ReadOnlySpan<byte> rows = data;
        private readonly int rowLength = stride;
        private readonly bool fromBottom = bottomUp;

        public int Width { get; } = width;

        public int Height { get; } = height;

        public ReadOnlySpan<byte> Row(int y) => rows.Slice((fromBottom ? Height - 1 - y : y) * rowLength, rowLength);
    }
}
