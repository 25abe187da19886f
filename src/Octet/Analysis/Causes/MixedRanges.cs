using Octet.Planning;

namespace Octet.Analysis.Causes;

/// <summary>Parts of one tensor have ranges too unlike for one scale, and are quantized together nevertheless (<see cref="RangeGuard"/>).</summary>
public sealed class MixedRanges : Cause
{
    /// <inheritdoc/>
    public override string Name => "mixed ranges";

    /// <inheritdoc/>
    public override IEnumerable<Suspicion> Find(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return evidence.Conflicts.Where(c => !AdditiveMask.IsMask(c)).Select(c => new Suspicion(c.Tensor, c.Text, [.. c.KeptFloat]));
    }

    /// <inheritdoc/>
    public override IEnumerable<Remedy> Remedies(Evidence evidence, IReadOnlyList<Suspicion> suspicions)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return evidence.Options.RangeGuard ? [Remedy.KeepFloat(evidence, suspicions)] : [Remedy.RangeGuard];
    }
}
