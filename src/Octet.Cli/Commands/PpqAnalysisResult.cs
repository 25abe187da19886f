using Octet.Analysis;

namespace Octet.Cli.Commands;

/// <summary>What analyses of <c>octet ppq</c> found; null where they were not asked for.</summary>
internal sealed record PpqAnalysisResult
{
    /// <summary>Errors accumulated, by operator.</summary>
    public IReadOnlyDictionary<string, ErrorMeasures>? Graphwise { get; init; }

    /// <summary>Errors of one operator at a time at the outputs.</summary>
    public IReadOnlyDictionary<string, ErrorMeasures>? Layerwise { get; init; }

    /// <summary>Figures of all parameters.</summary>
    public IReadOnlyList<ParameterSummary>? Parameters { get; init; }

    /// <summary>The file of statistics.</summary>
    public string? Statistics { get; init; }

    /// <summary>The folder of the dump.</summary>
    public string? Dump { get; init; }

    /// <summary>The dumped tensors by the names of their files.</summary>
    public IReadOnlyDictionary<string, string>? Dumped { get; init; }
}
