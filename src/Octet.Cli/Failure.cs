namespace Octet.Cli;

/// <summary>Tells an error in a line or a few, and gives its exit status.</summary>
internal static class Failure
{
    /// <summary>Tells an error.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="writer">Standard error.</param>
    /// <returns>The exit status.</returns>
    public static int Tell(Exception error, TextWriter writer)
    {
        switch (error)
        {
            case ConfigurationException configuration:
                foreach (var problem in configuration.Problems)
                {
                    writer.WriteLine(problem.Message);
                }

                return configuration.Problems[0].ExitStatus;
            case AggregateException { InnerException: { } inner }:
                return Tell(inner, writer);
            case OctetException coded:
                writer.WriteLine(coded.Message);
                return coded.ExitStatus;
            case OperationCanceledException:
                writer.WriteLine("Interrupted; nothing was written.");
                return Application.Interrupted;
            default:
                writer.WriteLine($"{ErrorCodes.Internal}: this is a fault in Octet: {error.GetType().Name}: {error.Message}");
                writer.WriteLine(error.StackTrace);
                return ErrorCodes.ExitStatusOf(ErrorCodes.Internal);
        }
    }
}
