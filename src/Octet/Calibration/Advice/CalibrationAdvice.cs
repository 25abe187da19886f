using System.Collections.Immutable;

namespace Octet.Calibration.Advice;

/// <summary>Whether a calibration can be trusted.</summary>
/// <param name="Samples">Samples seen.</param>
/// <param name="Method">The threshold method that was looked at.</param>
/// <param name="Tensors">How far each tensor's threshold has settled; empty where there are too few samples to tell.</param>
/// <param name="Outliers">Samples that alone drive the extremes of tensors, the worst first.</param>
/// <param name="Drift">How unlike other samples are, tensor by tensor; empty where none were given.</param>
/// <param name="Warnings">What the user should know.</param>
public sealed record CalibrationAdvice(
    int Samples, string Method, ImmutableArray<TensorAdvice> Tensors, ImmutableArray<OutlierSample> Outliers, ImmutableArray<TensorDrift> Drift, ImmutableArray<string> Warnings);
