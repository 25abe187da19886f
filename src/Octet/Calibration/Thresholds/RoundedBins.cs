using System.Collections.Immutable;
using Octet.Calibration.Statistics;

namespace Octet.Calibration.Thresholds;

/// <summary>
/// The linear histogram of magnitudes of the entropy calibrators: width = largest / (bins − 1), bin = ⌊|x| / width + 1/2⌋ in 32-bit floats, zeros left
/// out, since no cut changes them.
/// </summary>
/// <param name="Bins">Number of bins.</param>
internal sealed record RoundedBins(int Bins) : BinCountsNeed
{
    /// <summary>The name.</summary>
    public const string NeedName = "rounded-bins";

    /// <inheritdoc/>
    public override string Name => NeedName;

    /// <inheritdoc/>
    public override ImmutableArray<double> Parameters => [Bins];

    /// <inheritdoc/>
    public override int Bins { get; } = Bins;

    /// <summary>The need of those parameters, as they stand in a file; null where they make no sense.</summary>
    public static RoundedBins? Of(ImmutableArray<double> p) => p[0] is >= 2 and <= 1 << 20 ? new RoundedBins((int)p[0]) : null;

    /// <summary>Width of a bin.</summary>
    public float WidthOver(ValueRange range) => Math.Max(-range.Min, range.Max) / (Bins - 1);

    /// <inheritdoc/>
    internal override LinearBins Over(ValueRange range) => new(Bins, WidthOver(range)) { Shift = 0.5f, Negligible = 0 };
}
