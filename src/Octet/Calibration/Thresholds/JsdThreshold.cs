namespace Octet.Calibration.Thresholds;

/// <summary>SOPHON's JSD: the divergence ½ D(P ‖ M) + ½ D(Q ‖ M), M = (P + Q) / 2, at most ln 2 (Lin 1991, "Divergence measures based on the Shannon entropy"); the rest is that of <see cref="EntropyThreshold"/>.</summary>
public sealed class JsdThreshold : CutThreshold
{
    /// <inheritdoc/>
    public override string Name => "jsd";

    /// <inheritdoc/>
    public override string Description => "SOPHON's JSD: as entropy, with the divergence of Jensen and Shannon.";

    /// <inheritdoc/>
    private protected override double EmptyShare => 0;

    /// <inheritdoc/>
    private protected override double Term(double p, double logP, double q, double logQ)
    {
        double logM = Math.Log((p + q) / 2);
        return (p * (logP - logM) + q * (logQ - logM)) / 2;
    }
}
