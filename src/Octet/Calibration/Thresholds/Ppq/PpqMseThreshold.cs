using System.Collections.Immutable;
using Octet.Calibration.Statistics;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds.Ppq;

/// <summary>
/// PPQ's mse (openppl-public/ppq 0.6.6, quantization/observer/range.py): steps of whole bins over a histogram, 2^bits of them; a bin
/// errs by the distance from its centre to the nearer grid line, or to the end where it lies past it. Then the rule of <see cref="PpqScale"/>.
/// </summary>
/// <remarks>
/// Kept as the original has it: a symmetric scheme is searched with all 2^bits levels on the half range, twice what it has, so that with
/// 2,048 bins and 8 bits the whole range nearly always wins. The method mse searches the grid that the scheme really has.
/// </remarks>
public sealed class PpqMseThreshold : IThresholdMethod
{
    private const int StartInterval = 8;

    private static readonly ThresholdParameter BinCount = new("hist_bins", 2048, 16, 1 << 16, "Bins of the histogram.") { Aliases = ["bins"] };

    /// <inheritdoc/>
    public string Name => "ppq-mse";

    /// <inheritdoc/>
    public string Description => "PPQ's mse: steps of whole bins; symmetric schemes hardly ever clip.";

    /// <inheritdoc/>
    public ImmutableArray<ThresholdParameter> Parameters => [BinCount, PpqScale.PowerOfTwo];

    /// <inheritdoc/>
    public ImmutableArray<StatisticNeed> Needs(QuantType type, bool symmetric, ThresholdSettings settings) => [Need(symmetric, settings)];

    /// <inheritdoc/>
    public ThresholdResult Compute(TensorStatistics statistics, QuantType type, bool symmetric, ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        var need = Need(symmetric, settings);
        var bins = statistics.Get(need);
        double width = need.WidthOver(bins.Range);
        double zero = symmetric ? 0 : bins.Range.Min;
        int levels = 1 << Math.Min(type.Bits, 16);
        var (start, end, loss) = symmetric ? Symmetric(bins.Counts.AsSpan(), levels) : Asymmetric(bins.Counts.AsSpan(), levels, -zero / width);
        var result = PpqScale.OfRange(symmetric ? -end * width : zero + start * width, zero + end * width, type, symmetric, settings.IsOn(PpqScale.PowerOfTwo));
        return result with { Figures = [.. result.Figures, ("mse", loss), ("start", start), ("end", end), ("hist_scale", width)] };
    }

    /// <summary>The best end of a histogram of magnitudes, in bins. The step that reaches past all bins is tried first.</summary>
    internal static (int Start, int End, double Loss) Symmetric(ReadOnlySpan<long> counts, int levels)
    {
        var best = (Start: 0, End: 0, Loss: double.PositiveInfinity);
        int most = counts.Length / levels;
        foreach (int step in (int[])[most + 1, .. Enumerable.Range(1, most)])
        {
            double loss = Loss(counts, 0, step, step * levels);
            if (loss < best.Loss)
            {
                best = (0, step * levels, loss);
            }
        }

        return best;
    }

    /// <summary>The best ends of a histogram of values, in bins; a start lies at or below zero.</summary>
    private static (int Start, int End, double Loss) Asymmetric(ReadOnlySpan<long> counts, int levels, double zero)
    {
        var best = (Start: 0, End: 0, Loss: double.PositiveInfinity);
        int most = counts.Length / levels;
        foreach (int step in (int[])[most + 1, .. Enumerable.Range(1, most)])
        {
            for (int start = 0; start < counts.Length && (start == 0 || start <= zero); start += StartInterval)
            {
                double loss = Loss(counts, start, step, start + step * levels);
                if (loss < best.Loss)
                {
                    best = (start, start + step * levels, loss);
                }
            }
        }

        return best;
    }

    private static double Loss(ReadOnlySpan<long> counts, int start, int step, int end)
    {
        double sum = 0;
        long total = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            double error = i < start ? start - i - 0.5 : i > end ? i - end + 0.5 : WithinStep((i - start) % step, step);
            sum += counts[i] * error * error;
            total += counts[i];
        }

        return total == 0 ? 0 : sum / total;
    }

    private static double WithinStep(int left, int step)
    {
        int right = step - left - 1;
        return left == right ? left + 0.25 : Math.Min(left, right) + 0.5;
    }

    private static PpqBins Need(bool symmetric, ThresholdSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new PpqBins((int)settings[BinCount], symmetric);
    }
}
