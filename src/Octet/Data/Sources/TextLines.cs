using System.Text;

namespace Octet.Data.Sources;

/// <summary>A line of a list.</summary>
/// <param name="Number">From 1, as editors count.</param>
/// <param name="Columns">What stands between blanks; at least one.</param>
internal sealed record TextLine(int Number, string[] Columns);

/// <summary>Reads lists in text files: columns separated by blanks or tabs; empty lines and lines that start with # do not count.</summary>
internal static class TextLines
{
    private const long MaxLength = 1 << 26;
    private const int MaxNamed = 5;

    private static readonly char[] Blanks = [' ', '\t'];

    /// <summary>Reads all lines.</summary>
    /// <exception cref="OctetException">The file is missing, too large or no UTF-8 text.</exception>
    internal static IReadOnlyList<TextLine> Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                throw new OctetException(ErrorCodes.DataMissing, $"there is no file \"{path}\"");
            }

            if (file.Length > MaxLength)
            {
                throw new OctetException(ErrorCodes.ListMalformed, $"\"{path}\" takes {file.Length} bytes; lists may take {MaxLength}");
            }

            // Pipes and devices report no length and would block or never end: they are not opened.
            string text = new UTF8Encoding(false, true).GetString(file.Length == 0 ? [] : File.ReadAllBytes(path)).TrimStart('\uFEFF');
            if (text.Contains('\0', StringComparison.Ordinal))
            {
                throw new OctetException(ErrorCodes.ListMalformed, $"\"{path}\" is not a list: it is no text");
            }

            return [.. text.Split('\n')
                .Select((line, i) => new TextLine(i + 1, line.TrimEnd('\r').Split(Blanks, StringSplitOptions.RemoveEmptyEntries)))
                .Where(line => line.Columns.Length > 0 && !line.Columns[0].StartsWith('#'))];
        }
        catch (DecoderFallbackException e)
        {
            throw new OctetException(ErrorCodes.ListMalformed, $"\"{path}\" is not a list: it is no UTF-8 text", innerException: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OctetException(ErrorCodes.DataUnreadable, $"\"{path}\" cannot be read: {e.Message}", innerException: e);
        }
    }

    /// <summary>Several problems in one message, the first few in full.</summary>
    internal static string Join(IReadOnlyList<string> problems)
        => string.Join("; ", problems.Take(MaxNamed)) + (problems.Count > MaxNamed ? $"; and {problems.Count - MaxNamed} more" : "");
}
