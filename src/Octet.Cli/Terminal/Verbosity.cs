namespace Octet.Cli.Terminal;

/// <summary>How much a command tells.</summary>
internal enum Verbosity
{
    /// <summary>Errors only.</summary>
    Quiet,

    /// <summary>What most users want to know.</summary>
    Normal,

    /// <summary>Every layer and tensor, and the time of each phase.</summary>
    Detailed,
}
