using System.Collections.Immutable;

namespace Octet.Calibration.Statistics;

/// <summary>
/// Bins of equal width over the magnitudes from 0 to the largest: bin = ⌊|x| / (largest / bins)⌋ in 32-bit floats, the largest itself in the last.
/// </summary>
/// <param name="Bins">Number of bins.</param>
public sealed record MagnitudeBins(int Bins) : BinCountsNeed
{
    /// <summary>The name.</summary>
    public const string NeedName = "magnitude-bins";

    /// <inheritdoc/>
    public override string Name => NeedName;

    /// <inheritdoc/>
    public override ImmutableArray<double> Parameters => [Bins];

    /// <inheritdoc/>
    public override int Bins { get; } = Bins;

    /// <inheritdoc/>
    internal override LinearBins Over(ValueRange range) => new(Bins, range.Bound / Bins);
}
