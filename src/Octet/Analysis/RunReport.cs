namespace Octet.Analysis;

/// <summary>All that one run of the tool measured; parts that it had no part in are null.</summary>
public sealed record RunReport
{
    /// <summary>What a quantization did.</summary>
    public QuantizationReport? Quantization { get; init; }

    /// <summary>What an evaluation measured.</summary>
    public EvaluationReport? Evaluation { get; init; }

    /// <summary>How fast the models are.</summary>
    public LatencyReport? Latency { get; init; }
}
