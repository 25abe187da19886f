namespace Octet.Analysis;

/// <summary>
/// What makes a layer's own error: parts of Σ(Δy)² / Σy² at its output, everything before it float. Clipping and rounding errors of one kind add up to
/// the whole error of that kind but for what they cancel, so the parts need not add up to the layer's error.
/// </summary>
/// <param name="ActivationRounding">By the rounding of the input inside its range.</param>
/// <param name="ActivationClipping">By input values outside the range.</param>
/// <param name="WeightRounding">By the rounding of the weights.</param>
/// <param name="WeightClipping">By weights outside their range.</param>
public sealed record NoiseParts(double ActivationRounding, double ActivationClipping, double WeightRounding, double WeightClipping)
{
    /// <summary>The largest part, in words.</summary>
    public string Largest => new (string Name, double Part)[]
    {
        ("activation rounding", ActivationRounding), ("activation clipping", ActivationClipping), ("weight rounding", WeightRounding), ("weight clipping", WeightClipping),
    }.MaxBy(p => p.Part).Name;
}
