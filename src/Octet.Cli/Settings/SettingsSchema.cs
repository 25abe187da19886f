using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Octet.Cli.Settings;

/// <summary>Makes the JSON schema of a command's settings file from its options.</summary>
internal static class SettingsSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema's text, ending in a line feed.</summary>
    public static string Text(Command command)
    {
        var properties = new JsonObject { ["$schema"] = new JsonObject { ["type"] = "string", ["description"] = "where this schema lies" } };
        foreach (var setting in SettingsFile.Of(command))
        {
            var schema = setting.Schema();
            schema.Insert(0, "description", setting.Description);
            properties[setting.Key] = schema;
        }

        var root = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = $"Settings of octet {command.Name}",
            ["description"] = "Keys are the command's options without dashes. Comments and trailing commas are allowed; paths are relative to the working folder; the command line wins.",
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
        return root.ToJsonString(Indented) + "\n";
    }
}
