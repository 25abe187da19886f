using System.Globalization;
using Google.Protobuf.Collections;
using Octet.Numerics;

namespace Octet.Formats.Onnx;

/// <summary>The folder of a model file, as the place of its external data. Nothing outside it is ever opened.</summary>
/// <param name="folder">Full path; null for a model without a folder, which can have no external data.</param>
internal sealed class ExternalDataFolder(string? folder)
{
    private readonly Dictionary<string, MappedFile> files = new(StringComparer.Ordinal);

    /// <summary>Finds a tensor's bytes.</summary>
    /// <param name="entries">The tensor's <c>external_data</c>: location, and optionally offset and length in bytes.</param>
    /// <param name="needed">Bytes that the tensor's type and shape take.</param>
    /// <param name="place">File and tensor, for errors.</param>
    /// <exception cref="OctetException">The path leads out of the folder, or the file is missing or too short.</exception>
    public TensorStorage Open(RepeatedField<StringStringEntryProto> entries, long needed, string place)
    {
        string? location = null;
        long offset = 0;
        long length = needed;
        foreach (var entry in entries)
        {
            switch (entry.Key)
            {
                case "location":
                    location = entry.Value;
                    break;
                case "offset":
                    offset = Number(entry, place);
                    break;
                case "length":
                    length = Number(entry, place);
                    break;
            }
        }

        if (string.IsNullOrEmpty(location))
        {
            throw Invalid(place, "its external data have no location");
        }

        if (length != needed)
        {
            throw Invalid(place, $"its dimensions take {needed} bytes, but its external data have length {length}");
        }

        var path = Resolve(location, place);
        if (!files.TryGetValue(location, out var file))
        {
            file = Map(path, location, place);
            files.Add(location, file);
        }

        return offset <= file.Length - length
            ? new MappedStorage(file, offset, length)
            : throw Invalid(place, $"it takes bytes {offset} to {(decimal)offset + length} of \"{location}\", which has {file.Length}");
    }

    private static bool IsLink(string path, string location, string place)
    {
        try
        {
            return new FileInfo(path).LinkTarget is not null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(place, location, e);
        }
    }

    private static MappedFile Map(string path, string location, string place)
    {
        try
        {
            return MappedFile.Open(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(place, location, e);
        }
    }

    private static OctetException Unreadable(string place, string location, Exception cause)
        => Invalid(place, $"its data file \"{location}\" cannot be read: {cause.Message}", cause);

    private static long Number(StringStringEntryProto entry, string place)
        => long.TryParse(entry.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw Invalid(place, $"its external data have {entry.Key} \"{entry.Value}\", which is no number from 0 to {long.MaxValue}");

    private static OctetException Invalid(string place, string problem, Exception? cause = null) => new(
        ErrorCodes.ExternalDataInvalid, $"{place}: {problem}", "put the data file beside the model, as it was exported", cause);

    private static OctetException Outside(string place, string location, string why) => new(
        ErrorCodes.ExternalDataOutside,
        $"{place}: its data file \"{location}\" {why}",
        "external data must lie in the model's own folder; copy the file there");

    private string Resolve(string location, string place)
    {
        if (folder is null)
        {
            throw Invalid(place, $"its data lie in \"{location}\", but a model that is read from memory has no folder");
        }

        var parts = location.Split('/', '\\');
        if (Path.IsPathRooted(location) || location.Contains(':', StringComparison.Ordinal) || location.Contains('\0', StringComparison.Ordinal)
            || parts.Contains("..") || parts[0].Length == 0)
        {
            throw Outside(place, location, "is no path inside the model's folder");
        }

        var path = folder;
        foreach (var part in parts.Where(p => p.Length > 0 && p != "."))
        {
            path = Path.Combine(path, part);
            if (IsLink(path, location, place))
            {
                throw Outside(place, location, "is or passes a link");
            }
        }

        return path;
    }
}
