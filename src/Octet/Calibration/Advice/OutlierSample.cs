namespace Octet.Calibration.Advice;

/// <summary>A sample that alone drives the extremes of tensors.</summary>
/// <param name="Index">Its index in the data set.</param>
/// <param name="Name">What the user calls it.</param>
/// <param name="Tensors">Number of tensors whose largest magnitude it alone drives.</param>
/// <param name="Excess">How many times the largest magnitude of all other samples its own is, at the worst of these tensors.</param>
public sealed record OutlierSample(int Index, string Name, int Tensors, double Excess);
