using System.CommandLine;
using System.CommandLine.Completions;

namespace Octet.Cli.Settings;

/// <summary>A word without an option, one of a few.</summary>
internal sealed class WordArgument : Argument<string>
{
    public WordArgument(string name, string[] words, string description)
        : base(name.ToUpperInvariant())
    {
        string allowed = $"{string.Join(", ", words[..^1])} or {words[^1]}";
        Description = $"{description}: {allowed}";
        Arity = ArgumentArity.ZeroOrOne;
        CompletionSources.Add(_ => words.Select(w => new CompletionItem(w)));
        Validators.Add(result =>
        {
            string? found = result.Tokens.Count > 0 ? result.Tokens[0].Value : null;
            if (!words.Contains(found))
            {
                result.AddError(found is null ? $"{Name} is missing; give {allowed}" : $"{Name} is {allowed}, not \"{found}\"");
            }
        });
    }
}
