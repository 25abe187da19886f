namespace Octet;

/// <summary>Time that a phase took.</summary>
/// <param name="Name">For example <c>calibration</c>.</param>
/// <param name="Seconds">Wall clock.</param>
public sealed record PhaseTime(string Name, double Seconds);
