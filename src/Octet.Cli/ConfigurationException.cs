namespace Octet.Cli;

/// <summary>All that is wrong with a command's configuration, found before any work.</summary>
internal sealed class ConfigurationException(IReadOnlyList<OctetException> problems) : Exception(problems[0].Message)
{
    /// <summary>The problems, at least one, in the order in which they were found.</summary>
    public IReadOnlyList<OctetException> Problems { get; } = problems;
}
