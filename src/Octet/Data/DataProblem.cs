namespace Octet.Data;

/// <summary>Something wrong with samples.</summary>
/// <param name="Code">A stable code, <c>OCT1xxx</c>.</param>
/// <param name="Severity">Whether work can go on.</param>
/// <param name="Sample">Name of the sample, or null where it is about all of them.</param>
/// <param name="Message">What is wrong and what to do, without the code.</param>
public sealed record DataProblem(string Code, ProblemSeverity Severity, string? Sample, string Message)
{
    /// <summary>Code and message.</summary>
    public override string ToString() => $"{Code}: {Message}";
}
