using System.Collections.Immutable;
using System.Diagnostics;

namespace Octet;

/// <summary>Keeps the time of a quantization's phases and tells its progress.</summary>
internal sealed class Phases(IProgress<QuantizationProgress>? progress)
{
    // Usual shares of the whole time, so that one bar can stand for all phases.
    private static readonly (string Name, double Share)[] Usual =
        [("reading", 0.05), ("planning", 0.05), ("calibration", 0.35), ("ranges", 0.1), ("weights", 0.15), ("biases", 0.15), ("layers", 0.1), ("writing", 0.05)];

    private readonly List<PhaseTime> times = [];
    private readonly Stopwatch watch = new();
    private string phase = string.Empty;
    private int done;
    private int total;
    private double begun;

    /// <summary>The phases that ended, with their times.</summary>
    public ImmutableArray<PhaseTime> Times => [.. times];

    /// <summary>Ends the phase before and begins one.</summary>
    public void Begin(string name, int steps)
    {
        End();
        (phase, done, total) = (name, 0, Math.Max(1, steps));
        watch.Restart();
        Report(0);
    }

    /// <summary>What follows repeats phases that have been: it takes half of the part of the whole that seemed to be left before they began.</summary>
    public void BeginAgain() => begun = (1 + begun) / 2;

    /// <summary>One step of the phase is done. May be called by several threads at once.</summary>
    public void Step()
    {
        Garbage.CollectIfMuch();
        Report(Interlocked.Increment(ref done));
    }

    /// <summary>Ends the last phase.</summary>
    public void End()
    {
        if (phase.Length > 0)
        {
            times.Add(new PhaseTime(phase, watch.Elapsed.TotalSeconds));
            phase = string.Empty;
        }
    }

    private void Report(int steps)
    {
        double before = Usual.TakeWhile(u => u.Name != phase).Sum(u => u.Share);
        double share = Usual.FirstOrDefault(u => u.Name == phase).Share;
        progress?.Report(new QuantizationProgress(phase, steps, total, Math.Min(1, begun + ((1 - begun) * (before + (share * steps / total))))));
    }
}
