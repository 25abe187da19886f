using System.Collections.Immutable;
using Octet.Calibration.Patches;
using Octet.Calibration.Statistics;

namespace Octet.Calibration;

/// <summary>What a sweep over the samples shall gather, and how.</summary>
public sealed record SweepRequest
{
    /// <summary>Tensors whose statistics are wanted, without repetition.</summary>
    public required IReadOnlyList<string> Tensors { get; init; }

    /// <summary>What is wanted of each tensor besides its histogram.</summary>
    public ImmutableArray<StatisticNeed> Needs { get; init; } = [];

    /// <summary>Rows that are wanted.</summary>
    public IReadOnlyList<PatchRequest> Patches { get; init; } = [];

    /// <summary>Seed of the choice of rows.</summary>
    public ulong Seed { get; init; }

    /// <summary>Histograms that each tensor's is gathered in, by the sample's index; see <see cref="TensorStatistics.Groups"/>.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Index, in the whole data set, of the first sample.</summary>
    public int FirstSample { get; init; }

    /// <summary>What an earlier sweep over all samples found: the histograms stand, and needs that it lacks are gathered. Null to begin.</summary>
    public IReadOnlyDictionary<string, TensorStatistics>? First { get; init; }

    /// <summary>How the tensors are shared among several runs of all samples, so that memory holds only some at a time; null for one run that observes all.</summary>
    public ObservationPlan? Observation { get; init; }

    /// <summary>How many times all samples are run.</summary>
    public int Sweeps => Levels * (Observation?.Groups.Length ?? 1);

    /// <summary>What the first sweep gathers besides histograms.</summary>
    internal IEnumerable<StatisticNeed> FirstNeeds => Needs.Except(Second).Concat(Second.SelectMany(n => n.Requires)).Distinct().Where(n => First?.Values.All(t => t.Has(n)) != true);

    /// <summary>What needs the second sweep.</summary>
    internal IEnumerable<StatisticNeed> Second => Needs.Where(n => n.Kind == StatisticKind.SecondSweep);

    private int Levels => (First is null || Patches.Count > 0 || FirstNeeds.Any() ? 1 : 0) + (Second.Any() ? 1 : 0);
}
