using System.Collections.Immutable;
using Octet.Calibration.Statistics;

namespace Octet.Calibration.Thresholds.MindSpore;

/// <summary>
/// MindSpore Lite's histogram of magnitudes: bin = ⌊|x| / (largest / bins)⌋ in 32-bit floats, what exceeds the last in the last; magnitudes up
/// to 2^−52 are left out.
/// </summary>
/// <param name="Bins">Number of bins.</param>
internal sealed record MindSporeBins(int Bins) : BinCountsNeed
{
    /// <summary>The name.</summary>
    public const string NeedName = "mindspore-bins";

    private const float Negligible = 2.220446e-16f;

    /// <inheritdoc/>
    public override string Name => NeedName;

    /// <inheritdoc/>
    public override ImmutableArray<double> Parameters => [Bins];

    /// <inheritdoc/>
    public override int Bins { get; } = Bins;

    /// <summary>The need of those parameters, as they stand in a file; null where they make no sense.</summary>
    public static MindSporeBins? Of(ImmutableArray<double> p) => p[0] is >= 1 and <= 1 << 20 ? new MindSporeBins((int)p[0]) : null;

    /// <summary>Width of a bin.</summary>
    public float WidthOver(ValueRange range) => Math.Max(-range.Min, range.Max) / Bins;

    /// <inheritdoc/>
    internal override LinearBins Over(ValueRange range) => new(Bins, WidthOver(range)) { Negligible = Negligible };
}
