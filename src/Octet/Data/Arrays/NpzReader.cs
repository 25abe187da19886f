using System.IO.Compression;

namespace Octet.Data.Arrays;

/// <summary>Reads .npz files: zip archives of .npy files, packed or not.</summary>
internal static class NpzReader
{
    private const long MaxUnpacked = 1L << 34;
    private const int MaxArrays = 4096;

    /// <summary>Opens all arrays of an archive, by name without .npy, in the archive's order.</summary>
    /// <exception cref="OctetException">The file is missing or malformed, or an array is.</exception>
    internal static IReadOnlyList<KeyValuePair<string, ArrayFile>> Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new OctetException(ErrorCodes.DataMissing, $"there is no file \"{path}\"");
        }

        if (new FileInfo(path).Length == 0)
        {
            throw new OctetException(ErrorCodes.ArrayMalformed, $"\"{path}\" is empty, or no file but a pipe or device", "save it again with numpy.savez");
        }

        try
        {
            using var archive = ZipFile.OpenRead(path);
            if (archive.Entries.Count is 0 or > MaxArrays)
            {
                throw new OctetException(ErrorCodes.ArrayMalformed, $"\"{path}\" holds {archive.Entries.Count} arrays, 1 to {MaxArrays} are read");
            }

            long left = MaxUnpacked;
            var arrays = new List<KeyValuePair<string, ArrayFile>>();
            foreach (var entry in archive.Entries)
            {
                string name = entry.FullName.EndsWith(".npy", StringComparison.Ordinal) ? entry.FullName[..^4] : entry.FullName;
                string place = $"array \"{name}\" of \"{path}\"";
                using var content = entry.Open();
                var bytes = RandomBytes.OfStream(content, Math.Min(left, RandomBytes.MostUnpacked(entry.CompressedLength)), place);
                left -= bytes.Length;
                arrays.Add(new(name, NpyReader.Open(bytes, place)));
            }

            return arrays;
        }
        catch (InvalidDataException e)
        {
            throw new OctetException(ErrorCodes.ArrayMalformed, $"\"{path}\" is no readable .npz archive: {e.Message}", "save it again with numpy.savez", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OctetException(ErrorCodes.DataUnreadable, $"\"{path}\" cannot be read: {e.Message}", innerException: e);
        }
    }
}
