using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Octet.Cli.Settings;

/// <summary>An option of the command line that a settings file can hold, too.</summary>
/// <typeparam name="T">Type of its value.</typeparam>
internal abstract class Setting<T> : Option<T>, ISetting
{
    protected Setting(string key, string valueName, string description, string[] aliases)
        : base("--" + key, aliases)
    {
        Key = key;
        ValueName = valueName;
        Description = description;
    }

    public string Key { get; }

    public string ValueName { get; }

    public virtual string? Allowed => null;

    public virtual string? Default => null;

    public abstract JsonObject Schema();

    public abstract IEnumerable<string>? WordsOf(JsonElement value);

    /// <summary>Notes that a value is not one of those allowed.</summary>
    protected void Refuse(ArgumentResult result, string found) => result.AddError($"{Name} takes {Allowed}, not \"{found}\"");

    /// <summary>One word of the form <c>--key=value</c>, so that a value may begin with a dash.</summary>
    protected string Word(string value) => $"{Name}={value}";
}
