using System.Text.Json.Serialization;
using Octet.Calibration.Thresholds;

namespace Octet.Cli.Commands;

/// <summary>The JSON of one range that <c>octet threshold</c> chose.</summary>
internal sealed record SolvedThreshold
{
    /// <summary>Lower end of the range.</summary>
    public required float Min { get; init; }

    /// <summary>Upper end of the range.</summary>
    public required float Max { get; init; }

    /// <summary>Scale.</summary>
    public required float Scale { get; init; }

    /// <summary>Zero point.</summary>
    [JsonPropertyName("zero_point")]
    public required int ZeroPoint { get; init; }

    /// <summary>The method's own numbers, by their names in the original.</summary>
    public required IReadOnlyDictionary<string, double> Figures { get; init; }

    /// <summary>Takes a result of <see cref="ThresholdSolver"/>.</summary>
    public static SolvedThreshold Of(ThresholdResult result) => new()
    {
        Min = result.Range.Min,
        Max = result.Range.Max,
        Scale = result.Params!.Scale,
        ZeroPoint = result.Params.ZeroPoint,
        Figures = new Dictionary<string, double>(result.Figures.Select(f => KeyValuePair.Create(f.Name, f.Value))),
    };
}
