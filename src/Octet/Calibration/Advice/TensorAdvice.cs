namespace Octet.Calibration.Advice;

/// <summary>How far a tensor's threshold has settled.</summary>
/// <param name="Name">The tensor.</param>
/// <param name="Bound">The larger bound of the range that the method chooses from all samples.</param>
/// <param name="SettledAfter">Samples after which the bound stayed within the tolerance of that; null where it moved to the last.</param>
/// <param name="Uncertainty">The bound's standard error by the jackknife, as a share of the bound.</param>
public sealed record TensorAdvice(string Name, float Bound, int? SettledAfter, double Uncertainty);
