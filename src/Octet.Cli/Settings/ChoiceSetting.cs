using System.CommandLine.Completions;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Octet.Cli.Settings;

/// <summary>An option that takes one of a few words.</summary>
internal sealed class ChoiceSetting : Setting<string>
{
    // What help can show on the line of the option's name.
    private const int LongestList = 60;

    private readonly string[] choices;

    /// <summary>Makes an option.</summary>
    /// <param name="key">Its name without dashes.</param>
    /// <param name="choices">The words; the first is the default.</param>
    /// <param name="description">What it does.</param>
    public ChoiceSetting(string key, string[] choices, string description)
        : base(key, IsLong(choices) ? key.ToUpperInvariant() : string.Join('|', choices), IsLong(choices) ? $"{description}; one of {string.Join(", ", choices)}" : description, [])
    {
        this.choices = choices;
        DefaultValueFactory = _ => choices[0];
        CompletionSources.Add(_ => choices.Select(c => new CompletionItem(c)));
        CustomParser = result =>
        {
            string found = result.Tokens[0].Value;
            if (choices.Contains(found))
            {
                return found;
            }

            var nearest = NameSuggestion.Nearest(found, choices);
            result.AddError($"{Name} takes {Allowed}, not \"{found}\"{(nearest.Count == 0 ? string.Empty : $"; did you mean {nearest[0]}?")}");
            return choices[0];
        };
    }

    public override string Allowed => $"{string.Join(", ", choices[..^1])} or {choices[^1]}";

    public override string Default => choices[0];

    public override JsonObject Schema()
        => new() { ["enum"] = new JsonArray([.. choices.Select(Node)]), ["default"] = Node(choices[0]) };

    public override IEnumerable<string>? WordsOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [Word(value.GetString()!)],
        JsonValueKind.Number => [Word(value.GetRawText())],
        _ => null,
    };

    private static bool IsLong(string[] choices) => choices.Sum(c => c.Length + 1) > LongestList;

    private static JsonNode Node(string choice) => int.TryParse(choice, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : choice;
}
