namespace Octet.Analysis.Causes;

/// <summary>
/// Sums of two products that are added in 16 bits on processors without VNNI go beyond them (ONNX Runtime's documentation of quantization,
/// "When and why do I need to try U8U8?"). The simulation does not show it: it happens on other processors.
/// </summary>
public sealed class Saturation : Cause
{
    /// <inheritdoc/>
    public override string Name => "saturation";

    /// <inheritdoc/>
    public override bool IsProvenByTrial => false;

    /// <inheritdoc/>
    public override IEnumerable<Suspicion> Find(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return evidence.Options.Saturation == SaturationPolicy.Ignore && evidence.Plan.Target.PairSumsMaySaturate
            ? [new Suspicion("the whole network", "16-bit sums may saturate")]
            : [];
    }

    /// <inheritdoc/>
    public override IEnumerable<Remedy> Remedies(Evidence evidence, IReadOnlyList<Suspicion> suspicions)
        => [new Remedy("--saturation avoid", o => o with { Saturation = SaturationPolicy.Avoid })];

    /// <inheritdoc/>
    public override Suspicion? Confirm(Trial trial, Suspicion suspicion)
    {
        ArgumentNullException.ThrowIfNull(trial);
        ArgumentNullException.ThrowIfNull(suspicion);
        return trial.SaturatingSums == 0 ? null : suspicion with
        {
            Sign = FormattableString.Invariant($"{trial.SaturatingSums} of the sampled sums would saturate on processors without VNNI"),
        };
    }
}
