using System.CommandLine;

namespace Octet.Cli.Settings;

/// <summary>Files that are named without an option, one or several.</summary>
internal sealed class PathsArgument : Argument<string[]>
{
    public PathsArgument(string name, string description, int most)
        : base(name.ToUpperInvariant())
    {
        Description = description;
        Arity = new ArgumentArity(0, most);
    }
}
