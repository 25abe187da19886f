using System.Collections.Immutable;
using System.Diagnostics;

namespace Octet;

/// <summary>Keeps the time of a quantization's phases and tells its progress.</summary>
/// <param name="progress">Told how far the work is; null for nobody.</param>
/// <param name="usual">Usual shares of the whole time, so that one bar can stand for all phases; null for those of a quantization.</param>
internal sealed class Phases(IProgress<QuantizationProgress>? progress, IReadOnlyList<(string Name, double Share)>? usual = null)
{
    private static readonly (string Name, double Share)[] Quantization =
        [("reading", 0.05), ("planning", 0.05), ("calibration", 0.35), ("ranges", 0.05), ("ranges by outputs", 0.05), ("weights", 0.15), ("biases", 0.13), ("sets by outputs", 0.02), ("layers", 0.1), ("writing", 0.05)];

    private readonly IReadOnlyList<(string Name, double Share)> usual = usual ?? Quantization;
    private readonly List<PhaseTime> times = [];
    private readonly Stopwatch watch = new();
    private string phase = string.Empty;
    private int done;
    private int total;
    private double begun;

    /// <summary>The usual shares of a quantization of high effort.</summary>
    public static IReadOnlyList<(string Name, double Share)> HighEffort { get; } =
        [("reading", 0.01), ("planning", 0.01), ("calibration", 0.04), ("ranges", 0.01), ("ranges by outputs", 0.01), ("weights", 0.03), ("biases", 0.01), ("sets by outputs", 0.01), ("weights in order", 0.12), ("search", 0.6), ("weights anew", 0.08), ("biases anew", 0.04), ("layers", 0.02), ("writing", 0.01)];

    /// <summary>The usual shares of an analysis.</summary>
    public static IReadOnlyList<(string Name, double Share)> Analysis { get; } =
        [("reading", 0.05), ("planning", 0.05), ("calibration", 0.2), ("ranges", 0.03), ("ranges by outputs", 0.02), ("weights", 0.1), ("biases", 0.08), ("sets by outputs", 0.02), ("layers", 0.25), ("channels", 0.05), ("causes", 0.15)];

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
        double before = usual.TakeWhile(u => u.Name != phase).Sum(u => u.Share);
        double share = usual.FirstOrDefault(u => u.Name == phase).Share;
        progress?.Report(new QuantizationProgress(phase, steps, total, Math.Min(1, begun + ((1 - begun) * (before + (share * steps / total))))));
    }
}
