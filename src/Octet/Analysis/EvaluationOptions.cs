namespace Octet.Analysis;

/// <summary>Options of an evaluation.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Runs side by side, ≥ 1; the result does not depend on it. Default: the number of processors.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Name of the output that the labels belong to; null (default) for the first one with one row, or one integer, a label.</summary>
    public string? LabelledOutput { get; init; }

    /// <summary>
    /// Whether uint8 × int8 products may saturate on processors without VNNI, as they do when a user runs the model plainly. Default
    /// false: the numbers are those of quantization alone.
    /// </summary>
    public bool AllowSaturation { get; init; }

    /// <summary>A measure of the user's own, taken of both models besides; null (default) for none.</summary>
    public IMetric? Metric { get; init; }
}
