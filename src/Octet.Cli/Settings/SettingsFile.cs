using System.CommandLine;
using System.Text.Json;
using Octet.Cli.Commands;

namespace Octet.Cli.Settings;

/// <summary>Reads a JSON file of settings and turns it into words of the command line.</summary>
internal static class SettingsFile
{
    /// <summary>A key that editors know: where the file's schema lies.</summary>
    private const string SchemaKey = "$schema";
    private const int LargestBytes = 1 << 20;

    /// <summary>The settings that a command's file may hold, by key.</summary>
    public static IEnumerable<ISetting> Of(Command command) => command.Arguments.OfType<ISetting>().Concat(command.Options.OfType<ISetting>().Where(s => s.Key != "settings"));

    /// <summary>Adds a file's settings to a command line, but for those that the command line has itself.</summary>
    /// <param name="path">The file: one object whose keys are the command's options without dashes; comments and trailing commas are allowed.</param>
    /// <param name="parsed">The command line as it was parsed.</param>
    /// <param name="words">Its words.</param>
    /// <returns>The words to parse again.</returns>
    /// <exception cref="ConfigurationException">The file cannot be read, has unknown keys or values of the wrong kind: all of them.</exception>
    public static string[] Merge(string path, ParseResult parsed, string[] words)
    {
        var command = parsed.CommandResult.Command;
        var known = Of(command).ToDictionary(s => s.Key, StringComparer.Ordinal);
        var problems = new Problems();
        var added = new List<string>();
        using var document = problems.Try(() => Read(path));
        problems.ThrowIfAny();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in document!.RootElement.EnumerateObject().Where(p => p.Name != SchemaKey))
        {
            if (!known.TryGetValue(property.Name, out var setting))
            {
                problems.Try<object>(() => throw Unknown(path, command, property.Name, known.Keys));
            }
            else if (!seen.Add(property.Name))
            {
                problems.Add($"\"{path}\": {property.Name} is there twice");
            }
            else if (setting.WordsOf(property.Value) is not { } said)
            {
                problems.Add($"\"{path}\": {property.Name} takes {setting.Allowed}, not {Shortened(property.Value)}");
            }
            else if (!IsOnCommandLine(parsed, setting))
            {
                added.AddRange(said);
            }
        }

        problems.ThrowIfAny();
        int place = Array.IndexOf(words, command.Name) + 1;
        return [.. words[..place], .. added, .. words[place..]];
    }

    private static bool IsOnCommandLine(ParseResult parsed, ISetting setting) => setting switch
    {
        Option option => parsed.GetResult(option) is { Implicit: false },
        Argument argument => parsed.GetResult(argument) is { Tokens.Count: > 0 },
        _ => false,
    };

    private static JsonDocument Read(string path)
    {
        JsonDocument document;
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: 0 })
            {
                throw new OctetException(ErrorCodes.InvalidUsage, $"settings \"{path}\" are not JSON: the file is empty, or a pipe or device");
            }

            if (new FileInfo(path) is { Exists: true, Length: > LargestBytes })
            {
                throw new OctetException(ErrorCodes.InvalidUsage, $"settings \"{path}\" have more than {LargestBytes} bytes");
            }

            document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        }
        catch (JsonException e)
        {
            throw new OctetException(ErrorCodes.InvalidUsage, $"settings \"{path}\" are not JSON: {e.Message}", null, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OctetException(ErrorCodes.InvalidUsage, $"settings \"{path}\" cannot be read: {e.Message}", "check the path", e);
        }

        return document.RootElement.ValueKind == JsonValueKind.Object
            ? document
            : throw new OctetException(ErrorCodes.InvalidUsage, $"settings \"{path}\" are not an object", "write { \"option\": value, … }");
    }

    private static OctetException Unknown(string path, Command command, string key, IEnumerable<string> known)
    {
        string? other = command.Parents.OfType<Command>().SelectMany(p => p.Subcommands).FirstOrDefault(c => c is ToolCommand && Of(c).Any(s => s.Key == key))?.Name;
        var nearest = NameSuggestion.Nearest(key, known).Take(1).ToArray();
        return new OctetException(
            ErrorCodes.InvalidUsage,
            $"\"{path}\": octet {command.Name} has no setting \"{key}\"",
            other is not null ? $"it belongs to octet {other}" : nearest.Length > 0 ? $"did you mean {nearest[0]}?" : $"octet settings {command.Name} prints all");
    }

    private static string Shortened(JsonElement value)
    {
        string text = value.GetRawText();
        return text.Length <= 40 ? text : text[..40] + "…";
    }
}
