namespace Octet;

/// <summary>What a refinement did to one activation of the float network, which computes the same as before.</summary>
/// <param name="Refinement">Its name: <c>equalization</c>, <c>smoothing</c>, <c>splitting</c> or <c>channel-grouping</c>.</param>
/// <param name="Tensor">The activation.</param>
/// <param name="Done">What was done, in words.</param>
/// <param name="Gain">By how much the error at the outputs of the layers that read it became smaller on samples, in dB, with weights rounded to the nearest; for channel grouping in a channel of the activation itself, as predicted.</param>
public sealed record RefinementReport(string Refinement, string Tensor, string Done, double Gain)
{
    /// <summary>
    /// The same at the network's outputs, for all that the refinement did, with ranges by one method and weights rounded to the nearest; 0 where it may be chance, below 0
    /// where it was asked for and costs; null where it was not measured (equalization below <see cref="Effort.High"/>).
    /// </summary>
    public double? OutputGain { get; init; }
}
