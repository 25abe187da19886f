using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Octet.Cli.Settings;

/// <summary>An option that takes a number, a whole one where its type is of those.</summary>
/// <typeparam name="T">Its type.</typeparam>
internal sealed class NumberSetting<T> : Setting<T?>
    where T : struct, INumber<T>, IMinMaxValue<T>
{
    private static readonly bool IsWhole = typeof(T) != typeof(double);
    private static readonly NumberStyles Style = IsWhole ? NumberStyles.None : NumberStyles.AllowDecimalPoint;

    private readonly T min;
    private readonly T max;
    private readonly string? byDefault;

    /// <summary>Makes an option.</summary>
    /// <param name="key">Its name without dashes.</param>
    /// <param name="description">What it does.</param>
    /// <param name="min">Smallest allowed value.</param>
    /// <param name="max">Largest allowed value; null for any.</param>
    /// <param name="byDefault">What is in force where nothing is said, as help tells it.</param>
    /// <param name="valueName">How help shows the value; its unit, where it has one.</param>
    public NumberSetting(string key, string description, T min, T? max = null, string? byDefault = null, string valueName = "N")
        : base(key, valueName, description, [])
    {
        this.min = min;
        this.max = max ?? T.MaxValue;
        this.byDefault = byDefault;
        CustomParser = result =>
        {
            string found = result.Tokens[0].Value;
            if (T.TryParse(found, Style, CultureInfo.InvariantCulture, out T value) && value >= min && value <= this.max)
            {
                return value;
            }

            Refuse(result, found);
            return null;
        };
    }

    public override string Allowed => $"a {(IsWhole ? "whole " : string.Empty)}number from {Text(min)} {(max == T.MaxValue ? "on" : $"to {Text(max)}")}";

    public override string? Default => byDefault;

    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = IsWhole ? "integer" : "number", ["minimum"] = JsonNode.Parse(Text(min)) };
        if (max != T.MaxValue)
        {
            schema["maximum"] = JsonNode.Parse(Text(max));
        }

        return schema;
    }

    public override IEnumerable<string>? WordsOf(JsonElement value) => value.ValueKind == JsonValueKind.Number ? [Word(value.GetRawText())] : null;

    private static string Text(T value) => value.ToString(null, CultureInfo.InvariantCulture);
}
