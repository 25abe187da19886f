namespace Octet;

/// <summary>
/// An error that the user can act on: a stable code, what is wrong and where, and what to do.
/// The message reads <c>OCT1203: calibration sample 17 ("img_17.jpg") holds 3 NaN in input "data"; …what to do</c>.
/// </summary>
public sealed class OctetException : Exception
{
    /// <summary>Makes an error.</summary>
    /// <param name="code">One of <see cref="ErrorCodes"/>.</param>
    /// <param name="problem">What is wrong: the place (file, layer, sample), the value found and the allowed range.</param>
    /// <param name="remedy">What the user can do about it, or null where nothing can be advised.</param>
    /// <param name="innerException">The cause, where another exception is it.</param>
    /// <exception cref="ArgumentException"><paramref name="code"/> is not of the form <c>OCT</c> and four digits.</exception>
    public OctetException(string code, string problem, string? remedy = null, Exception? innerException = null)
        : base(remedy is null ? $"{code}: {problem}" : $"{code}: {problem}; {remedy}", innerException)
    {
        ExitStatus = ErrorCodes.ExitStatusOf(code);
        Code = code;
        Problem = problem;
        Remedy = remedy;
    }

    /// <summary>The stable code, for example <c>OCT1203</c>.</summary>
    public string Code { get; }

    /// <summary>What is wrong, without code and remedy.</summary>
    public string Problem { get; }

    /// <summary>What to do about it, or null.</summary>
    public string? Remedy { get; }

    /// <summary>The exit status of the command line for this error: 1 quality, 2 usage or configuration, 3 model, 4 data, 70 internal.</summary>
    public int ExitStatus { get; }
}
