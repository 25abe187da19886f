namespace Octet;

/// <summary>
/// Ends the search of <see cref="Effort.High"/> before its end, for one quantization, with the best that it has found: a quantizer that is asked to stop searching
/// rounds weights for what was found, measures and gives its model, while one that is cancelled gives none. May be used by any thread.
/// </summary>
public sealed class SearchStop : IDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource source = new();
    private bool hasBegun;

    /// <summary>Cancelled by <see cref="Request"/>.</summary>
    internal CancellationToken Token => source.Token;

    /// <summary>Ends the search.</summary>
    /// <returns>False, and nothing happens, where there is nothing yet that could be kept (the search has not begun, or never will), or where this was asked for before.</returns>
    public bool Request()
    {
        lock (gate)
        {
            if (!hasBegun || source.IsCancellationRequested)
            {
                return false;
            }

            source.Cancel();
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();

    /// <summary>From now on there is something to be kept.</summary>
    internal void Begin()
    {
        lock (gate)
        {
            hasBegun = true;
        }
    }
}
