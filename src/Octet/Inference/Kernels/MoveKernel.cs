using System.Runtime.CompilerServices;
using Octet.Integers.Steps;

namespace Octet.Inference.Kernels;

/// <summary>Elements put elsewhere: whole pixels where all channels go the same way, runs of neighbours, or one by one.</summary>
internal sealed unsafe class MoveKernel : Kernel
{
    // Runs shorter than this on average are moved one by one.
    private const int ShortRun = 4;

    // Where a run begins in the result, where it comes from (−1: it is filled), and its length.
    private readonly (int To, int From, int Length)[] runs;
    private readonly int unit;
    private readonly sbyte* x;
    private readonly sbyte* y;
    private readonly sbyte fill;

    private MoveKernel((int To, int From, int Length)[] runs, int unit, sbyte* x, sbyte* y, sbyte fill)
    {
        this.runs = runs;
        this.unit = unit;
        this.x = x;
        this.y = y;
        this.fill = fill;
    }

    /// <summary>Prepares a step.</summary>
    /// <returns>False where it has no such form.</returns>
    public static bool TryAdd(MoveStep step, Placement placement)
    {
        if (placement.IsChannelsLast(step.X) && PixelsOf(step) is { } pixels)
        {
            int stride = Placement.FormOf(step.Y)!.Stride;
            placement.Add(new MoveKernel(Runs(pixels), stride, placement.ReadChannelsLast(step.X), placement.WriteChannelsLast(step.Y), (sbyte)step.Fill));
            return true;
        }

        var runs = Runs(step.Sources.AsSpan());
        if ((long)runs.Length * ShortRun > step.Sources.Length)
        {
            return false;
        }

        placement.Add(new MoveKernel(runs, 1, placement.ReadPlanar(step.X), placement.WritePlanar(step.Y), (sbyte)step.Fill));
        return true;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run()
    {
        foreach (var (to, from, length) in runs)
        {
            var target = new Span<sbyte>(y + ((long)to * unit), length * unit);
            if (from < 0)
            {
                target.Fill(fill);
            }
            else
            {
                new ReadOnlySpan<sbyte>(x + ((long)from * unit), length * unit).CopyTo(target);
            }
        }
    }

    // For each pixel of the result the one that it is, or −1; null where channels go different ways.
    private static int[]? PixelsOf(MoveStep step)
    {
        if (Placement.FormOf(step.X) is not { Planes: var from } || Placement.FormOf(step.Y) is not { Planes: var to } || from.Channels != to.Channels || from.Images != 1 || to.Images != 1)
        {
            return null;
        }

        var sources = step.Sources.AsSpan();
        for (int i = to.Area; i < sources.Length; i++)
        {
            int first = sources[i % to.Area];
            if (sources[i] != (first < 0 ? -1 : first + (i / to.Area * from.Area)))
            {
                return null;
            }
        }

        // The first channel's pixels are those of all, if they lie in it.
        int[] pixels = sources[..to.Area].ToArray();
        return pixels.All(p => p < from.Area) ? pixels : null;
    }

    private static (int To, int From, int Length)[] Runs(ReadOnlySpan<int> sources)
    {
        var runs = new List<(int To, int From, int Length)>();
        for (int i = 0, end; i < sources.Length; i = end)
        {
            for (end = i + 1; end < sources.Length && (sources[i] < 0 ? sources[end] < 0 : sources[end] == sources[i] + end - i); end++)
            {
            }

            runs.Add((i, sources[i], end - i));
        }

        return [.. runs];
    }
}
