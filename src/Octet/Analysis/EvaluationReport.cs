using System.Collections.Immutable;

namespace Octet.Analysis;

/// <summary>What an evaluation measured.</summary>
public sealed record EvaluationReport
{
    /// <summary>Runs of each model: one a sample.</summary>
    public required int Samples { get; init; }

    /// <summary>The error of every output that both models have, in the reference's order; empty where there was no reference.</summary>
    public ImmutableArray<OutputReport> Outputs { get; init; } = [];

    /// <summary>Accuracy by the labels; null where there were none.</summary>
    public ClassificationReport? Classification { get; init; }

    /// <summary>The user's own metric; null where none was asked for.</summary>
    public MetricReport? Metric { get; init; }
}
