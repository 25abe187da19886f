namespace Octet.Data.Images;

/// <summary>Reads picture files: JPEG, PNG, WebP, TIFF (by libvips) and BMP, told apart by their first bytes, not by their names.</summary>
internal static class PictureFile
{
    /// <summary>
    /// Largest number of pixels that is decoded: 2²⁷, more than any camera takes; 400 MB when decoded. Files of a few kilobytes can
    /// claim thousands of times that.
    /// </summary>
    internal const long MaxPixels = 1L << 27;

    /// <summary>Largest number of pixels that a picture is resized to: 2²⁶; 800 MB as floats of three channels.</summary>
    internal const long MaxResized = 1L << 26;

    private const long MaxFileLength = 1L << 29;

    private static readonly string[] Extensions = [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".dib", ".webp", ".tif", ".tiff"];

    /// <summary>Whether a file's name ends as that of a picture of a kind that is read.</summary>
    internal static bool HasPictureName(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads and decodes a picture.</summary>
    /// <param name="path">The file.</param>
    /// <param name="place">How errors name the sample, for example <c>sample 17 ("img_17.jpg")</c>.</param>
    /// <exception cref="OctetException">The file cannot be read, is no picture, is damaged or too large.</exception>
    internal static Picture Read(string path, string place) => Decode(ReadBytes(path, place), place);

    /// <summary>Decodes the bytes of a picture file.</summary>
    /// <exception cref="OctetException">They are no picture, damaged or too large.</exception>
    internal static Picture Decode(ReadOnlySpan<byte> bytes, string place)
    {
        var outcome = KindOf(bytes) switch
        {
            Kind.Bmp => BmpDecoder.Decode(bytes, MaxPixels),
            Kind.Vips => Vips.Decode(bytes, MaxPixels),
            _ => throw NotAPicture(bytes, place),
        };
        if (outcome.Picture is { } picture)
        {
            return picture;
        }

        throw outcome.TooLarge
            ? new OctetException(ErrorCodes.PictureTooLarge, $"{place} has {outcome.Problem}, more than {MaxPixels} are not decoded", "scale it down or leave it out")
            : new OctetException(ErrorCodes.PictureDamaged, $"{place} is damaged or of an unknown variety: {outcome.Problem}", "replace it or leave it out");
    }

    private static byte[] ReadBytes(string path, string place)
    {
        try
        {
            // Pipes and devices report no length and would block or never end: they are not opened.
            if (new FileInfo(path) is { Exists: true, Length: 0 })
            {
                return [];
            }

            using var handle = File.OpenHandle(path, options: FileOptions.SequentialScan);
            long length = RandomAccess.GetLength(handle);
            if (length > MaxFileLength)
            {
                throw new OctetException(ErrorCodes.PictureTooLarge, $"{place} takes {length} bytes, more than {MaxFileLength} are not read", "is it a picture?");
            }

            var bytes = new byte[length];
            int read = 0;
            while (read < bytes.Length && RandomAccess.Read(handle, bytes.AsSpan(read), read) is > 0 and var count)
            {
                read += count;
            }

            return read == bytes.Length ? bytes : bytes[..read];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OctetException(ErrorCodes.DataUnreadable, $"{place} cannot be read: {e.Message}", innerException: e);
        }
    }

    private static Kind KindOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("BM"u8))
        {
            return Kind.Bmp;
        }

        bool vips = bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])
            || bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G'])
            || bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8)
            || (bytes.Length >= 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8));
        return vips ? Kind.Vips : Kind.Unknown;
    }

    private static OctetException NotAPicture(ReadOnlySpan<byte> bytes, string place)
    {
        var start = bytes[..Math.Min(bytes.Length, 512)];
        bool text = start.Length > 0 && start.IndexOfAnyInRange((byte)0, (byte)8) < 0;
        string what = bytes.IsEmpty ? "is empty, or no file but a pipe or device" : text ? "is text, not a picture" : "is not a JPEG, PNG, BMP, WebP or TIFF picture";
        return new OctetException(ErrorCodes.NotAPicture, $"{place} {what}", "remove it from the data");
    }

    private enum Kind
    {
        Unknown,
        Vips,
        Bmp,
    }
}
