namespace Octet.Calibration.Advice;

/// <summary>How unlike the values of a tensor are in two sets of samples.</summary>
/// <param name="Name">The tensor.</param>
/// <param name="Distance">Jensen–Shannon divergence in bits, 0 to 1.</param>
/// <param name="Usual">The same where the samples of both are split at random: the mean of what chance alone makes; 0 where there are too few samples to tell.</param>
/// <param name="Outside">Share of the second set's values beyond the extremes of the first, to a bin's width.</param>
/// <param name="Differs">Whether chance does not explain it.</param>
public sealed record TensorDrift(string Name, double Distance, double Usual, double Outside, bool Differs);
