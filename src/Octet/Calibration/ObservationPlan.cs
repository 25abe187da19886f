using System.Collections.Immutable;
using System.Globalization;

namespace Octet.Calibration;

/// <summary>Which tensors are observed together, so that a limit of memory is kept.</summary>
/// <param name="Groups">The tensors of each run over all samples.</param>
/// <param name="Workers">Runs side by side.</param>
public sealed record ObservationPlan(ImmutableArray<ImmutableArray<string>> Groups, int Workers)
{
    // What the statistics of a tensor take while they are gathered, on the large side.
    private const long StatisticsBytes = 512 << 10;

    // Allocators keep some of what is freed.
    private const double Usable = 0.8;

    /// <summary>Shares tensors among runs.</summary>
    /// <param name="tensors">Each tensor's name and its bytes for one sample, in the order of the graph.</param>
    /// <param name="samplesHeld">Samples of a tensor that a statistic holds at a time besides the one that is observed: 0, or the size of a batch.</param>
    /// <param name="limit">Bytes that the process may take.</param>
    /// <param name="taken">Bytes that it takes anyway.</param>
    /// <param name="perWorker">Bytes that each run takes besides what it observes: values on the way, room to work in.</param>
    /// <param name="workers">Runs side by side that are wanted.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.MemoryLimitTooSmall"/>.</exception>
    public static ObservationPlan Of(IReadOnlyList<(string Name, long Bytes)> tensors, int samplesHeld, long limit, long taken, long perWorker, int workers)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        long largest = tensors.Count == 0 ? 0 : tensors.Max(t => t.Bytes);
        double Room() => ((limit - taken - (perWorker * workers)) * Usable) - (StatisticsBytes * tensors.Count);

        // Where not even one tensor fits, fewer workers may do.
        while (workers > 1 && largest * (workers + (long)samplesHeld) > Room())
        {
            workers--;
        }

        long copies = workers + samplesHeld;
        double room = Room();
        if (largest * copies > room)
        {
            double least = taken + perWorker + (((largest * copies) + (StatisticsBytes * tensors.Count)) / Usable);
            throw new OctetException(
                ErrorCodes.MemoryLimitTooSmall,
                string.Create(CultureInfo.InvariantCulture, $"a memory limit of {limit / 1e6:0} MB is too small for this model"),
                string.Create(CultureInfo.InvariantCulture, $"give at least {Math.Ceiling(least / 1e6):0} MB"));
        }

        var groups = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        var group = ImmutableArray.CreateBuilder<string>();
        double left = room;
        foreach (var (name, bytes) in tensors)
        {
            if (bytes * copies > left && group.Count > 0)
            {
                groups.Add(group.DrainToImmutable());
                left = room;
            }

            group.Add(name);
            left -= bytes * copies;
        }

        if (group.Count > 0 || groups.Count == 0)
        {
            groups.Add(group.DrainToImmutable());
        }

        return new ObservationPlan(groups.DrainToImmutable(), workers);
    }
}
