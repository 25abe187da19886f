namespace Octet.Analysis;

/// <summary>One quantized layer's part in an analysis.</summary>
/// <param name="Name">The user's name for it.</param>
/// <param name="OpType">Operator.</param>
/// <param name="MultiplyAccumulates">Of one sample.</param>
/// <param name="Accumulated">Error of its output with everything before it quantized (graphwise).</param>
/// <param name="Alone">Error of its output with it alone quantized (layerwise).</param>
/// <param name="Parts">What makes the error alone.</param>
/// <param name="AtOutputs">
/// Signal-to-noise ratio of the network's outputs in dB with it alone quantized, mean errors left out where biases take them up; null where not
/// measured: in networks of many layers only those of the largest own errors are tried.
/// </param>
public sealed record LayerAnalysisReport(
    string Name, string OpType, long MultiplyAccumulates, ErrorMeasures Accumulated, ErrorMeasures Alone, NoiseParts Parts, double? AtOutputs);
