namespace Octet;

/// <summary>What a refinement did to one activation of the float network, which computes the same as before.</summary>
/// <param name="Refinement">Its name: <c>smoothing</c>.</param>
/// <param name="Tensor">The activation.</param>
/// <param name="Done">What was done, in words.</param>
/// <param name="Gain">By how much the error at the outputs of the layers that read it became smaller on samples, in dB, with weights rounded to the nearest.</param>
public sealed record RefinementReport(string Refinement, string Tensor, string Done, double Gain);
