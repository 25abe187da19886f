using System.Runtime.InteropServices;
using Octet.Cli.Terminal;

namespace Octet.Cli;

/// <summary>
/// Turns Ctrl-C and a polite kill into cancellation; the next one ends the process at once. Where a long search has something to keep, the first Ctrl-C ends only the search.
/// </summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;

    public Interrupt()
    {
        registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(s => PosixSignalRegistration.Create(s, Cancel))];
    }

    /// <summary>Cancelled by the signal.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>Requested by the first Ctrl-C.</summary>
    public SearchStop SearchStop { get; } = new();

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(registrations, r => r.Dispose());
        source.Dispose();
        SearchStop.Dispose();
    }

    private void Cancel(PosixSignalContext context)
    {
        context.Cancel = !source.IsCancellationRequested;
        if (context.Signal == PosixSignal.SIGINT && SearchStop.Request())
        {
            Console.Error.WriteLine($"{(OutputTraits.Error.IsTerminal ? ProgressLine.StartOfClearLine : string.Empty)}The search ends here; what it found is being finished and written. Ctrl-C again ends with nothing written.");
            return;
        }

        source.Cancel();
    }
}
