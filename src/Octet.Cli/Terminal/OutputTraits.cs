namespace Octet.Cli.Terminal;

/// <summary>What a stream for people can show.</summary>
/// <param name="IsTerminal">Whether it is a terminal on which lines can be drawn and written over.</param>
/// <param name="HasColor">Whether colours are wanted there, too.</param>
internal readonly record struct OutputTraits(bool IsTerminal, bool HasColor)
{
    /// <summary>What standard output can show.</summary>
    public static OutputTraits Output => Of(Console.IsOutputRedirected);

    /// <summary>What standard error can show.</summary>
    public static OutputTraits Error => Of(Console.IsErrorRedirected);

    // NO_COLOR counts where it is not empty (no-color.org).
    private static OutputTraits Of(bool isRedirected)
    {
        bool terminal = !isRedirected && Environment.GetEnvironmentVariable("TERM") is not "dumb";
        return new OutputTraits(terminal, terminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));
    }
}
