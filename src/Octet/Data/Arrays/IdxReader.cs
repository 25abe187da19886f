using System.Buffers.Binary;
using System.IO.Compression;
using Octet.Numerics;

namespace Octet.Data.Arrays;

/// <summary>
/// Reads the IDX format of the MNIST database, plain or packed with gzip: two zero bytes, the type, the number of dimensions, the
/// dimensions (32 bits, big-endian) and the values (big-endian).
/// </summary>
internal static class IdxReader
{
    private const long MaxUnpacked = 1L << 33;

    /// <summary>Whether a file is named as IDX files are (train-images-idx3-ubyte.gz, digits.idx).</summary>
    internal static bool HasName(string path)
    {
        string name = Path.GetFileName(path);
        return name.EndsWith(".idx", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".idx.gz", StringComparison.OrdinalIgnoreCase)
            || name.Contains("-idx", StringComparison.OrdinalIgnoreCase) || name.Contains(".idx", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Opens an IDX file.</summary>
    /// <exception cref="OctetException">The file is missing or malformed.</exception>
    internal static ArrayFile Open(string path)
    {
        string place = $"\"{path}\"";
        var bytes = Unpack(path, place);
        Span<byte> start = stackalloc byte[4];
        if (bytes.Length < 4)
        {
            throw Malformed(place, "it is too short");
        }

        bytes.Read(0, start);
        ElementType type = start[2] switch
        {
            0x08 => ElementType.UInt8,
            0x09 => ElementType.Int8,
            0x0B => ElementType.Int16,
            0x0C => ElementType.Int32,
            0x0D => ElementType.Float32,
            0x0E => ElementType.Float64,
            _ => ElementType.Undefined,
        };
        int rank = start[3];
        if (start[0] != 0 || start[1] != 0 || type == ElementType.Undefined || rank is 0 or > 8 || bytes.Length < 4 + 4 * rank)
        {
            throw Malformed(place, "it does not start as IDX files do");
        }

        Span<byte> header = stackalloc byte[4 * 8];
        bytes.Read(4, header[..(4 * rank)]);
        var dimensions = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            dimensions[i] = BinaryPrimitives.ReadUInt32BigEndian(header[(4 * i)..]);
        }

        try
        {
            return new ArrayFile(place, bytes, 4 + 4 * rank, type, new Shape(dimensions), true);
        }
        catch (OverflowException e)
        {
            throw new OctetException(ErrorCodes.ArrayMalformed, $"{place} is malformed: its dimensions are impossible", innerException: e);
        }
    }

    private static RandomBytes Unpack(string path, string place)
    {
        if (!path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) || new FileInfo(path) is { Exists: true, Length: 0 })
        {
            return RandomBytes.OfFile(path);
        }

        if (!File.Exists(path))
        {
            throw new OctetException(ErrorCodes.DataMissing, $"there is no file {place}");
        }

        try
        {
            using var packed = File.OpenRead(path);
            using var content = new GZipStream(packed, CompressionMode.Decompress);
            return RandomBytes.OfStream(content, Math.Min(MaxUnpacked, RandomBytes.MostUnpacked(packed.Length)), place);
        }
        catch (InvalidDataException e)
        {
            throw new OctetException(ErrorCodes.ArrayMalformed, $"{place} is no readable gzip file: {e.Message}", innerException: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OctetException(ErrorCodes.DataUnreadable, $"{place} cannot be read: {e.Message}", innerException: e);
        }
    }

    private static OctetException Malformed(string place, string problem) => new(ErrorCodes.ArrayMalformed, $"{place} is malformed: {problem}");
}
