namespace Octet.Data.Arrays;

/// <summary>Bytes that can be read at any place, from several threads at once.</summary>
internal abstract class RandomBytes
{
    private const int LargestInMemory = 1 << 26;
    private const long LargestRatio = 200;

    internal abstract long Length { get; }

    /// <summary>Fills <paramref name="destination"/> from <paramref name="offset"/> on.</summary>
    /// <exception cref="EndOfStreamException">The bytes end before.</exception>
    internal abstract void Read(long offset, Span<byte> destination);

    /// <summary>Opens a file; it is closed with the last reference.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.DataMissing"/> or <see cref="ErrorCodes.DataUnreadable"/>.</exception>
    internal static RandomBytes OfFile(string path)
    {
        try
        {
            // Pipes and devices report no length and would block or never end: they are not opened.
            return new FileInfo(path) is { Exists: true, Length: 0 } ? OfMemory([]) : new FileBytes(File.OpenHandle(path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new OctetException(ErrorCodes.DataMissing, $"there is no file \"{path}\"", innerException: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OctetException(ErrorCodes.DataUnreadable, $"\"{path}\" cannot be read: {e.Message}", innerException: e);
        }
    }

    internal static RandomBytes OfMemory(byte[] bytes) => new MemoryBytes(bytes);

    /// <summary>
    /// The most bytes that packed ones may unpack to: 200 times as many, or 64 MB. Real arrays stay below; ten kilobytes of a zip bomb
    /// are ten megabytes.
    /// </summary>
    internal static long MostUnpacked(long packed) => Math.Max(LargestInMemory, packed > long.MaxValue / LargestRatio ? long.MaxValue : packed * LargestRatio);

    /// <summary>
    /// Reads a stream to its end: to memory up to 64 MB, beyond that to a temporary file that vanishes with the process, so that a
    /// packed file cannot fill the memory.
    /// </summary>
    /// <param name="stream">The stream.</param>
    /// <param name="limit">Most bytes that are taken.</param>
    /// <param name="place">How errors name the stream.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.ArrayTooLarge"/>: there are more than <paramref name="limit"/> bytes.</exception>
    internal static RandomBytes OfStream(Stream stream, long limit, string place)
    {
        var memory = new MemoryStream();
        var buffer = new byte[1 << 16];
        FileBytes? file = null;
        long length = 0;
        while (stream.Read(buffer) is > 0 and var count)
        {
            if (length + count > limit)
            {
                throw new OctetException(ErrorCodes.ArrayTooLarge, $"{place} unpacks to more than {limit} bytes", "save it unpacked (.npy)");
            }

            if (file is null && length + count > LargestInMemory)
            {
                file = FileBytes.Temporary();
                file.Write(0, memory.GetBuffer().AsSpan(0, (int)length));
                memory = new MemoryStream();
            }

            if (file is null)
            {
                memory.Write(buffer, 0, count);
            }
            else
            {
                file.Write(length, buffer.AsSpan(0, count));
            }

            length += count;
        }

        return file is null ? new MemoryBytes(memory.ToArray()) : file;
    }

    private sealed class MemoryBytes(byte[] bytes) : RandomBytes
    {
        internal override long Length => bytes.Length;

        internal override void Read(long offset, Span<byte> destination)
        {
            if (offset + destination.Length > bytes.Length)
            {
                throw new EndOfStreamException();
            }

            bytes.AsSpan((int)offset, destination.Length).CopyTo(destination);
        }
    }
}
