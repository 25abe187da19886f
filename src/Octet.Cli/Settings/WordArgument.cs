using System.CommandLine;
using System.CommandLine.Completions;

namespace Octet.Cli.Settings;

/// <summary>A word without an option, one of a few.</summary>
internal sealed class WordArgument : Argument<string>
{
    public WordArgument(string name, string[] words, string description)
        : base(name.ToUpperInvariant())
    {
        Allowed = $"{string.Join(", ", words[..^1])} or {words[^1]}";
        Description = $"{description}: {Allowed}";
        CompletionSources.Add(_ => words.Select(w => new CompletionItem(w)));
        Validators.Add(result =>
        {
            if (result.Tokens is [var found] && !words.Contains(found.Value))
            {
                result.AddError($"{Name} is {Allowed}, not \"{found.Value}\"");
            }
        });
    }

    /// <summary>The words, as errors tell them.</summary>
    public string Allowed { get; }
}
