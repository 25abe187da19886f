namespace Octet.Data;

/// <summary>How bad a problem is.</summary>
public enum ProblemSeverity
{
    /// <summary>The work can go on; its result may be worse than the user thinks.</summary>
    Warning,

    /// <summary>The work cannot start.</summary>
    Error,
}
