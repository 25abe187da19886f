using System.Text.Json;
using System.Text.Json.Nodes;

namespace Octet.Cli.Settings;

/// <summary>An option that may be given several times, each time with one text, commas and all.</summary>
internal sealed class TextsSetting : Setting<string[]>
{
    public TextsSetting(string key, string valueName, string description)
        : base(key, valueName, description, [])
    {
        CustomParser = result => [.. result.Tokens.Select(t => t.Value)];
        DefaultValueFactory = _ => [];
    }

    public override string Allowed => "a list of texts";

    public override JsonObject Schema() => new() { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } };

    public override IEnumerable<string>? WordsOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [Word(value.GetString()!)],
        JsonValueKind.Array when value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String) => [.. value.EnumerateArray().Select(v => Word(v.GetString()!))],
        _ => null,
    };
}
