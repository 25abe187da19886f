namespace Octet.Calibration.Advice;

/// <summary>How unlike the values of a tensor are in two sets of samples.</summary>
/// <param name="Name">The tensor.</param>
/// <param name="Distance">Jensen–Shannon divergence in bits, 0 to 1.</param>
/// <param name="Usual">The same between two halves of the first set: what chance alone makes.</param>
/// <param name="Outside">Share of the second set's values beyond the extremes of the first, to a bin's width.</param>
public sealed record TensorDrift(string Name, double Distance, double Usual, double Outside)
{
    // Halves have fewer samples and so differ more by chance than the whole sets do.
    private const double Unusual = 3;
    private const double Negligible = 0.005;
    private const double MostOutside = 0.001;

    /// <summary>Whether chance does not explain it.</summary>
    public bool Differs => Distance > Negligible + (Unusual * Usual) || Outside > MostOutside;
}
