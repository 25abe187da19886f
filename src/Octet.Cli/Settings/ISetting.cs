using System.Text.Json;
using System.Text.Json.Nodes;

namespace Octet.Cli.Settings;

/// <summary>Something that the command line or a settings file can set.</summary>
internal interface ISetting
{
    /// <summary>The key in a settings file: the option's name without dashes.</summary>
    string Key { get; }

    /// <summary>What it does, for people.</summary>
    string? Description { get; }

    /// <summary>How help shows the value, for example <c>FILE</c>; empty for a flag.</summary>
    string ValueName { get; }

    /// <summary>The allowed values as help and errors tell them; null where any text goes.</summary>
    string? Allowed { get; }

    /// <summary>What is in force where nothing is said, as help tells it; null for nothing.</summary>
    string? Default { get; }

    /// <summary>The JSON schema of the value.</summary>
    JsonObject Schema();

    /// <summary>The command line's words for a value of a settings file; null where it is of the wrong kind.</summary>
    IEnumerable<string>? WordsOf(JsonElement value);
}
