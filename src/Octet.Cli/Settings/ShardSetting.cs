using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Octet.Cli.Settings;

/// <summary>An option that takes a part of a whole: 3/8.</summary>
internal sealed class ShardSetting : Setting<string?>
{
    private const int Most = 10_000;

    public ShardSetting(string key, string description)
        : base(key, "K/N", description, [])
    {
        CustomParser = result =>
        {
            if (Parse(result.Tokens[0].Value) is null)
            {
                Refuse(result, result.Tokens[0].Value);
            }

            return result.Tokens[0].Value;
        };
    }

    public override string Allowed => string.Create(CultureInfo.InvariantCulture, $"two whole numbers K/N, K from 1 to N, N up to {Most}");

    /// <summary>The part that was asked for; null where none was.</summary>
    public (int Index, int Count)? ValueOf(Invocation invocation) => invocation.Get((Option<string?>)this) is { } text ? Parse(text) : null;

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = "^[0-9]+/[0-9]+$" };

    public override IEnumerable<string>? WordsOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? [Word(value.GetString()!)] : null;

    private static (int Index, int Count)? Parse(string text)
    {
        string[] parts = text.Split('/');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count) && index >= 1 && index <= count && count <= Most
            ? (index, count) : null;
    }
}
