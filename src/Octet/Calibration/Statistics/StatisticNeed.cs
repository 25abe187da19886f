using System.Collections.Immutable;
using System.Globalization;

namespace Octet.Calibration.Statistics;

/// <summary>
/// A statistic of a tensor that a threshold method needs besides its histogram, with the numbers that shape it. Equal needs of several
/// methods are gathered once.
/// </summary>
public abstract record StatisticNeed
{
    /// <summary>What it depends on.</summary>
    public abstract StatisticKind Kind { get; }

    /// <summary>Lower case, words joined by hyphens; one of <see cref="StatisticNeeds.All"/>, unless it is never saved.</summary>
    public abstract string Name { get; }

    /// <summary>The numbers that tell it from others of its name.</summary>
    public virtual ImmutableArray<double> Parameters => [];

    /// <summary>What the first sweep must have found before this one can be gathered; only where the kind is <see cref="StatisticKind.SecondSweep"/>.</summary>
    public virtual ImmutableArray<StatisticNeed> Requires => [];

    /// <summary>The samples, from index 0 on, that are measured as one.</summary>
    public virtual int BatchSize => 1;

    /// <summary>Name and parameters: <c>magnitude-bins:2048</c>.</summary>
    public string Key => Parameters.IsEmpty ? Name : Name + ":" + string.Join(',', Parameters.Select(p => p.ToString("R", CultureInfo.InvariantCulture)));

    /// <summary>An empty statistic.</summary>
    /// <param name="first">What the first sweep found of the tensor; still empty for all kinds but <see cref="StatisticKind.SecondSweep"/>.</param>
    public abstract Statistic Create(TensorStatistics first);

    /// <inheritdoc/>
    public sealed override string ToString() => Key;
}
