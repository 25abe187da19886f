namespace Octet.Refinement;

/// <summary>Quantized weights of a <see cref="WeightProblem"/>.</summary>
/// <param name="Quantized">[channels, K], each from −max to max of the type.</param>
/// <param name="Scales">One a channel, or one for all; &gt; 0.</param>
/// <param name="Report">What was done and what it costs.</param>
public sealed record WeightSolution(int[] Quantized, float[] Scales, WeightReport Report);
