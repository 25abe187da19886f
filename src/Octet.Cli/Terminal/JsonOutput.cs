using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Octet.Cli.Terminal;

/// <summary>Writes results as JSON: names in camelCase, enumerations as words, SQNR of equal outputs as the text <c>Infinity</c>.</summary>
internal static class JsonOutput
{
    /// <summary>The word for standard output.</summary>
    public const string Standard = "-";

    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The JSON text of a result, ending in a line feed.</summary>
    public static string Text<T>(T result) => JsonSerializer.Serialize(result, Options) + "\n";

    /// <summary>Writes a result to standard output or to a file, which appears complete or not at all.</summary>
    /// <param name="path">A file, <see cref="Standard"/>, or null for nowhere.</param>
    /// <param name="result">The result.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.OutputNotWritable"/>.</exception>
    public static void Write<T>(string? path, T result)
    {
        if (path is null)
        {
            return;
        }

        if (path == Standard)
        {
            Console.Out.Write(Text(result));
            return;
        }

        WriteFile(path, Text(result));
    }

    /// <summary>Writes a text file, which appears complete or not at all.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.OutputNotWritable"/>.</exception>
    public static void WriteFile(string path, string text)
    {
        string? temporary = null;
        try
        {
            string full = Path.GetFullPath(path);
            temporary = Path.Combine(Path.GetDirectoryName(full) ?? full, $".{Path.GetFileName(full)}.{Path.GetRandomFileName()}");
            File.WriteAllText(temporary, text);
            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary!);
            throw new OctetException(ErrorCodes.OutputNotWritable, $"\"{path}\" cannot be written: {e.Message}", "check that its folder exists and has room", e);
        }
    }
}
