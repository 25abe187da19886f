using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Octet.Cli.Settings;

/// <summary>An option that takes a size of memory: 500MB, 2GB, of 1,000 kB each.</summary>
internal sealed class SizeSetting : Setting<long?>
{
    private static readonly (string Suffix, long Bytes)[] Units = [("MB", 1_000_000), ("GB", 1_000_000_000), ("KB", 1_000), ("B", 1)];

    private readonly long least;

    /// <summary>Makes an option.</summary>
    /// <param name="key">Its name without dashes.</param>
    /// <param name="description">What it does.</param>
    /// <param name="least">Smallest allowed value, in bytes.</param>
    public SizeSetting(string key, string description, long least)
        : base(key, "SIZE", description, [])
    {
        this.least = least;
        CustomParser = result =>
        {
            string found = result.Tokens[0].Value;
            if (Parse(found) is { } bytes && bytes >= least)
            {
                return bytes;
            }

            Refuse(result, found);
            return null;
        };
    }

    public override string Allowed => string.Create(CultureInfo.InvariantCulture, $"a size such as 500MB or 2GB, from {least / 1_000_000}MB on");

    public override JsonObject Schema() => new() { ["type"] = "string" };

    public override IEnumerable<string>? WordsOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? [Word(value.GetString()!)] : null;

    private static long? Parse(string text)
    {
        foreach (var (suffix, bytes) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)
                && double.TryParse(text[..^suffix.Length].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number * bytes < long.MaxValue)
            {
                return (long)(number * bytes);
            }
        }

        return null;
    }
}
