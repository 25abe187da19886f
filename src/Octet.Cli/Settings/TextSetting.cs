using System.Text.Json;
using System.Text.Json.Nodes;

namespace Octet.Cli.Settings;

/// <summary>An option that takes any text, a path for example.</summary>
internal sealed class TextSetting(string key, string valueName, string description, params string[] aliases)
    : Setting<string?>(key, valueName, description, aliases)
{
    public override string? Allowed => "a text";

    public override JsonObject Schema() => new() { ["type"] = "string" };

    public override IEnumerable<string>? WordsOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? [Word(value.GetString()!)] : null;
}
