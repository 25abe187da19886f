namespace Octet.Calibration.Thresholds;

/// <summary>SOPHON's SYMKL: Jeffreys' divergence D(P ‖ Q) + D(Q ‖ P) (Jeffreys 1946) in place of one direction; the rest is that of <see cref="EntropyThreshold"/>.</summary>
public sealed class SymKlThreshold : CutThreshold
{
    /// <inheritdoc/>
    public override string Name => "symkl";

    /// <inheritdoc/>
    public override string Description => "SOPHON's SYMKL: as entropy, with the divergence taken both ways.";

    /// <inheritdoc/>
    private protected override double Term(double p, double logP, double q, double logQ)
    {
        return (p - q) * (logP - logQ);
    }
}
