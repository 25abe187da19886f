using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Octet.Cli.Settings;

/// <summary>A file that is named without an option, the model for example.</summary>
internal sealed class PathArgument : Argument<string?>, ISetting
{
    public PathArgument(string key, string description)
        : base(key.ToUpperInvariant())
    {
        Key = key;
        Description = description;
        Arity = ArgumentArity.ZeroOrOne;
    }

    public string Key { get; }

    public string ValueName => Name;

    public string? Allowed => "a path";

    public string? Default => null;

    public JsonObject Schema() => new() { ["type"] = "string" };

    public IEnumerable<string>? WordsOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? [value.GetString()!] : null;
}
