using System.Text.Json.Serialization;

namespace Octet.Cli.Commands;

/// <summary>The JSON of <c>octet threshold</c>.</summary>
internal sealed record ThresholdReport
{
    /// <summary>Version of Octet.</summary>
    public required string Version { get; init; }

    /// <summary>The method.</summary>
    public required string Method { get; init; }

    /// <summary>The files, in the order of the batches.</summary>
    public required IReadOnlyList<string> Values { get; init; }

    /// <summary>Number of batches.</summary>
    public required int Batches { get; init; }

    /// <summary>Number of values.</summary>
    public required long Count { get; init; }

    /// <summary>Type of the integers.</summary>
    public required string Type { get; init; }

    /// <summary>The scheme, as the user writes it.</summary>
    public required string Scheme { get; init; }

    /// <summary>Lower end of the range; none with an axis.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? Min { get; init; }

    /// <summary>Upper end of the range; none with an axis.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? Max { get; init; }

    /// <summary>Scale; none with an axis.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? Scale { get; init; }

    /// <summary>Zero point; none with an axis.</summary>
    [JsonPropertyName("zero_point")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ZeroPoint { get; init; }

    /// <summary>The method's own numbers, by their names in the original; none with an axis.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? Figures { get; init; }

    /// <summary>One for each index along the axis; none without an axis.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SolvedThreshold>? Channels { get; init; }
}
