using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Octet.Cli.Settings;

/// <summary>An option without a value: given or not.</summary>
internal sealed class FlagSetting : Setting<bool>
{
    public FlagSetting(string key, string description, params string[] aliases)
        : base(key, string.Empty, description, aliases)
    {
        Arity = ArgumentArity.Zero;
    }

    public override string? Allowed => "true or false";

    public override JsonObject Schema() => new() { ["type"] = "boolean", ["default"] = false };

    public override IEnumerable<string>? WordsOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => [Name],
        JsonValueKind.False => [],
        _ => null,
    };
}
