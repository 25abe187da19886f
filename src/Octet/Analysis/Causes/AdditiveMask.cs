using Octet.Calibration;

namespace Octet.Analysis.Causes;

/// <summary>Large negative numbers that hide positions from a softmax stand in the same tensor as the scores, and take the whole range.</summary>
public sealed class AdditiveMask : Cause
{
    /// <inheritdoc/>
    public override string Name => "additive mask";

    /// <inheritdoc/>
    public override IEnumerable<Suspicion> Find(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return evidence.Conflicts.Where(IsMask).Select(c => new Suspicion(c.Tensor, c.Text, [.. c.KeptFloat]));
    }

    /// <inheritdoc/>
    public override IEnumerable<Remedy> Remedies(Evidence evidence, IReadOnlyList<Suspicion> suspicions)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return evidence.Options.RangeGuard ? [Remedy.KeepFloat(evidence, suspicions)] : [Remedy.RangeGuard];
    }

    /// <summary>Whether a conflict is one between values and a mask.</summary>
    internal static bool IsMask(RangeConflict conflict) => conflict.Kind == RangeConflict.Mask;
}
