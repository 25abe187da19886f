using System.Collections.Immutable;
using Octet.Calibration.Statistics;
using Octet.Calibration.Thresholds.Amct;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds;

/// <summary>
/// Ascend AMCT's HFMG (hicann/amct, amct_pytorch, custom_op/hfmg): both ends by the squared error over a linear histogram that grows
/// with the batches; see <see cref="HfmgSearch"/>. Integers count as signed, offsets with them.
/// </summary>
public sealed class HfmgThreshold : IThresholdMethod
{
    private static readonly ThresholdParameter BinCount = new("num_of_bins", 4096, 16, 8192, "Bins of the histogram.") { Aliases = ["nbins"] };

    /// <inheritdoc/>
    public string Name => "hfmg";

    /// <inheritdoc/>
    public string Description => "Ascend AMCT's: both ends of a histogram walk inwards, the least squared error wins.";

    /// <inheritdoc/>
    public ImmutableArray<ThresholdParameter> Parameters => [BinCount];

    /// <inheritdoc/>
    public ImmutableArray<StatisticNeed> Needs(QuantType type, bool symmetric, ThresholdSettings settings) => [Need(settings)];

    /// <inheritdoc/>
    public ThresholdResult Compute(TensorStatistics statistics, QuantType type, bool symmetric, ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        var histogram = statistics.Get(Need(settings));
        var (min, max) = float.IsNaN(histogram.Min) ? (0, 0) : (histogram.Min, histogram.Max);
        double loss = 0;
        (int Left, int Right) chosen = (0, histogram.Counts.Length - 1);
        int index = 0;
        int tried = 0;
        if (min < max && float.IsFinite(max - min))
        {
            var ranges = HfmgSearch.Ranges(histogram.Counts);
            (loss, index) = Best(histogram, ranges, type.Bits);
            (chosen, tried) = (ranges[index], ranges.Count);
            (min, max) = (min + chosen.Left * histogram.Width, min + (chosen.Right + 1) * histogram.Width);
        }

        var (scale, offset) = AmctScale.Of(max, min, !symmetric, type.Bits);
        var clip = AmctScale.Clip(scale, offset, type.Bits);
        return new ThresholdResult(new ValueRange(clip.Min, clip.Max).WithZero().Finite(), AmctScale.ToQuantParams(scale, offset, type))
        {
            Figures =
            [
                ("scale_d", scale), ("offset_d", offset), ("clip_max", clip.Max), ("clip_min", clip.Min), ("num_ranges", tried),
                ("best_index", index), ("best_left", chosen.Left), ("best_right", chosen.Right), ("loss", loss),
            ],
        };
    }

    private static (double Loss, int Index) Best(HfmgHistogram histogram, List<(int Left, int Right)> ranges, int bits)
    {
        double least = double.PositiveInfinity;
        int best = 0;
        for (int i = 0; i < ranges.Count; i++)
        {
            double loss = HfmgSearch.Loss(histogram.Counts, histogram.Width, ranges[i], bits);
            if (loss < least)
            {
                (least, best) = (loss, i);
            }
        }

        return (least, best);
    }

    private static HfmgBins Need(ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new HfmgBins((int)settings[BinCount]);
    }
}
