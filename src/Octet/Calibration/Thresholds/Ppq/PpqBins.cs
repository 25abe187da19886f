using System.Collections.Immutable;
using Octet.Calibration.Statistics;

namespace Octet.Calibration.Thresholds.Ppq;

/// <summary>
/// PPQ's histograms: equal bins between two ends, the upper edge in the last bin, in 32-bit floats: of magnitudes from 0 to the largest
/// for symmetric schemes, of values from the smallest to the largest for others.
/// </summary>
/// <param name="Bins">Number of bins.</param>
/// <param name="Symmetric">Whether magnitudes are counted.</param>
internal sealed record PpqBins(int Bins, bool Symmetric) : BinCountsNeed
{
    /// <summary>The name.</summary>
    public const string NeedName = "ppq-bins";

    /// <inheritdoc/>
    public override string Name => NeedName;

    /// <inheritdoc/>
    public override ImmutableArray<double> Parameters => [Bins, Symmetric ? 1 : 0];

    /// <inheritdoc/>
    public override int Bins { get; } = Bins;

    /// <summary>The need of those parameters, as they stand in a file; null where they make no sense.</summary>
    public static PpqBins? Of(ImmutableArray<double> p) => p[0] is >= 1 and <= 1 << 20 && p[1] is 0 or 1 ? new PpqBins((int)p[0], p[1] == 1) : null;

    /// <summary>Width of a bin.</summary>
    public double WidthOver(ValueRange range) => (Symmetric ? Math.Max(-(double)range.Min, range.Max) : (double)range.Max - range.Min) / Bins;

    /// <inheritdoc/>
    internal override LinearBins Over(ValueRange range) => Symmetric || range.Min == 0
        ? new(Bins, Math.Max(-range.Min, range.Max)) { After = Bins }
        : new(Bins, range.Max - range.Min) { OfMagnitudes = false, Start = range.Min, After = Bins };
}
