namespace Octet.Cli;

/// <summary>Collects what is wrong with a configuration, so that all of it is told at once.</summary>
internal sealed class Problems
{
    private readonly List<OctetException> found = [];

    /// <summary>Notes a problem of usage.</summary>
    public void Add(string problem, string? remedy = null) => found.Add(new OctetException(ErrorCodes.InvalidUsage, problem, remedy));

    /// <summary>Notes a problem of usage where a condition holds.</summary>
    public void AddIf(bool condition, string problem, string? remedy = null)
    {
        if (condition)
        {
            Add(problem, remedy);
        }
    }

    /// <summary>Does something that checks a part of the configuration, and notes its error.</summary>
    /// <returns>Its result; the default where it failed.</returns>
    public T? Try<T>(Func<T> check)
    {
        try
        {
            return check();
        }
        catch (ConfigurationException e)
        {
            found.AddRange(e.Problems);
        }
        catch (OctetException e)
        {
            found.Add(e);
        }

        return default;
    }

    /// <summary>Ends the command where anything was noted.</summary>
    /// <exception cref="ConfigurationException">It was.</exception>
    public void ThrowIfAny()
    {
        if (found.Count > 0)
        {
            throw new ConfigurationException(found);
        }
    }
}
