namespace Octet.Calibration.Thresholds;

/// <summary>TensorRT's entropy calibration, which is SOPHON's KL, too (Migacz 2017): D(P ‖ Q) = Σ P ln(P / Q).</summary>
public sealed class EntropyThreshold : CutThreshold
{
    /// <inheritdoc/>
    public override string Name => "entropy";

    /// <inheritdoc/>
    public override string Description => "TensorRT's: the cut of a linear histogram whose quantized distribution diverges least from the float one.";

    /// <inheritdoc/>
    private protected override double Term(double p, double logP, double q, double logQ)
    {
        return p * (logP - logQ);
    }
}
