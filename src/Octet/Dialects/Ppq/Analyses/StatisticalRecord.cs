using Octet.Analysis;

namespace Octet.Dialects.Ppq.Analyses;

/// <summary>A record of PPQ's statistical_analyse: one tensor at one operator, at positions that are drawn of every batch.</summary>
/// <param name="Operation">The operator.</param>
/// <param name="OpType">Its type.</param>
/// <param name="IsParameter">Whether the tensor is a weight or bias.</param>
/// <param name="IsInput">Whether the operator reads it.</param>
/// <param name="IsOutput">Whether the operator makes it.</param>
/// <param name="Variable">The tensor.</param>
/// <param name="NoiseRatio">Power of the noise / power of the float values.</param>
/// <param name="Noise">Quantized less float values.</param>
/// <param name="Quantized">The quantized values.</param>
/// <param name="Float">The float values.</param>
public sealed record StatisticalRecord(
    string Operation, string OpType, bool IsParameter, bool IsInput, bool IsOutput, string Variable, double NoiseRatio, ValueDistribution Noise, ValueDistribution Quantized, ValueDistribution Float);
