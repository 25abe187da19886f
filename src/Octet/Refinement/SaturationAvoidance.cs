namespace Octet.Refinement;

/// <summary>
/// Changes weights whose pair sums would saturate on the sampled rows: by limiting the weights of the pairs concerned, with the rest of the channel making up
/// for it where rounding feeds errors back, or by a larger scale, or by half of each, whichever costs the least output error.
/// </summary>
internal sealed class SaturationAvoidance
{
    // |w| ≤ 64 in both weights of a pair is safe for any uint8 input: 2 · 64 · 255 < 2¹⁵.
    private const int AlwaysSafe = 64;
    private const int MostRounds = 12;

    private static readonly double[] Shares = [0, 0.5, 1];

    private readonly WeightGroup[] groups;
    private readonly int[] offsets;
    private readonly WeightRanges ranges;
    private readonly int limit;
    private readonly bool[] fedBack;
    private readonly PairSaturation?[] exact;
    private readonly PairSaturation?[] raised;

    internal SaturationAvoidance(WeightGroup[] groups, int[] offsets, WeightRanges ranges, int limit, double margin, bool[] fedBack)
    {
        this.groups = groups;
        this.offsets = offsets;
        this.ranges = ranges;
        this.limit = limit;
        this.fedBack = fedBack;
        exact = new PairSaturation?[groups.Length];
        raised = new PairSaturation?[groups.Length];
        Narrowed = new bool[offsets[^1]];
        Clipped = new bool[offsets[^1]];
        for (int g = 0; g < groups.Length; g++)
        {
            var problem = groups[g].Problem;
            if (problem.AvoidSaturation && limit > AlwaysSafe)
            {
                exact[g] = new PairSaturation(problem.Rows, problem.K, problem.Input);
                raised[g] = new PairSaturation(problem.Rows, problem.K, problem.Input, margin);
            }
        }
    }

    /// <summary>Columns that got a larger scale.</summary>
    internal bool[] Narrowed { get; }

    /// <summary>Columns of which weights were limited at the same scale.</summary>
    internal bool[] Clipped { get; }

    /// <summary>Pair sums of all rows and channels that saturate; 0 where nobody asked.</summary>
    internal long CountSaturating(int group, ColumnMatrix quantized)
    {
        if (exact[group] is not { } pairs)
        {
            return 0;
        }

        long count = 0;
        var column = new int[quantized.Inputs];
        for (int c = 0; c < quantized.Channels; c++)
        {
            for (int k = 0; k < column.Length; k++)
            {
                column[k] = (int)quantized.Values[(k * quantized.Width) + c];
            }

            count += pairs.Count(column);
        }

        return count;
    }

    internal RoundedWeights Apply(RoundedWeights weights)
    {
        var excess = new float[offsets[^1]];
        for (int g = 0; g < groups.Length; g++)
        {
            if (raised[g] is { } pairs)
            {
                WorstExcess(pairs, weights.Quantized[g]).CopyTo(excess, offsets[g]);
            }
        }

        if (!Array.Exists(excess, e => e > 1))
        {
            return weights;
        }

        bool perChannel = groups[0].Problem.PerChannel;
        float worst = excess.Max();
        var touched = new bool[excess.Length];
        for (int c = 0; c < excess.Length; c++)
        {
            touched[c] = !perChannel || excess[c] > 1;
            excess[c] = perChannel ? Math.Max(1, excess[c]) : worst;
        }

        RoundedWeights? best = null;
        double[]? least = null;
        var shares = new double[excess.Length];
        foreach (double share in Shares)
        {
            var candidate = Limited(weights, touched, [.. weights.Scales.Select((s, c) => s * MathF.Pow(excess[c], (float)share))]);
            var errors = ranges.PerUnit(candidate.Errors);
            if (best is null || least is null)
            {
                (best, least) = (candidate, errors);
                continue;
            }

            for (int c = 0; c < errors.Length; c++)
            {
                if (errors[c] < least[c])
                {
                    least[c] = errors[c];
                    shares[c] = share;
                    int g = GroupOf(c);
                    best.Quantized[g].CopyColumn(candidate.Quantized[g], c - offsets[g], c - offsets[g]);
                    best.Scales[c] = candidate.Scales[c];
                    best.Errors[c] = candidate.Errors[c];
                }
            }
        }

        for (int c = 0; c < touched.Length; c++)
        {
            Narrowed[c] = touched[c] && shares[c] > 0;
            Clipped[c] = touched[c] && shares[c] == 0 && (perChannel || ChangedColumn(weights, best!, c));
        }

        return best!;
    }

    /// <summary>How many times too large the worst sum of each column is; at most 1 where none is.</summary>
    private static float[] WorstExcess(PairSaturation pairs, ColumnMatrix quantized)
    {
        var excess = new float[quantized.Width];
        for (int j = 0; j < pairs.PairCount; j++)
        {
            var left = quantized.Row(2 * j);
            var right = quantized.Row((2 * j) + 1);
            for (int c = 0; c < quantized.Channels; c++)
            {
                excess[c] = Math.Max(excess[c], Excess(pairs, j, (int)left[c], (int)right[c]));
            }
        }

        return excess;
    }

    private static float Excess(PairSaturation pairs, int pair, int left, int right)
    {
        if (!pairs.MaySaturate(pair, left, right))
        {
            return 0;
        }

        var (least, greatest) = pairs.Range(pair, left, right);
        return Math.Max(greatest / (float)short.MaxValue, least / (float)short.MinValue);
    }

    /// <summary>The touched columns rounded anew with other scales, within bounds that are narrowed until no sum saturates.</summary>
    private RoundedWeights Limited(RoundedWeights start, bool[] touched, float[] scales)
    {
        var quantized = new ColumnMatrix[groups.Length];
        var errors = (double[])start.Errors.Clone();
        for (int g = 0; g < groups.Length; g++)
        {
            var group = groups[g];
            int[] columns = [.. Enumerable.Range(0, group.Weights.Channels).Where(c => touched[offsets[g] + c])];
            quantized[g] = Copy(start.Quantized[g]);
            if (columns.Length == 0)
            {
                continue;
            }

            var part = group.Weights.Select(columns);
            var ownScales = new float[part.Width];
            Array.Fill(ownScales, 1f);
            var ownFeedback = new bool[part.Width];
            for (int c = 0; c < columns.Length; c++)
            {
                ownScales[c] = scales[offsets[g] + columns[c]];
                ownFeedback[c] = fedBack[offsets[g] + columns[c]];
            }

            var rounded = LimitedGroup(group, raised[g], part, ownScales, ownFeedback);
            double[] ownErrors = Rounding.OutputErrors(group, part, rounded, ownScales);
            for (int c = 0; c < columns.Length; c++)
            {
                quantized[g].CopyColumn(rounded, c, columns[c]);
                errors[offsets[g] + columns[c]] = ownErrors[c];
            }
        }

        return new RoundedWeights(scales, quantized, errors);
    }

    private ColumnMatrix LimitedGroup(WeightGroup group, PairSaturation? pairs, ColumnMatrix part, float[] scales, bool[] feedback)
    {
        var bounds = new RoundingBounds(part, limit);
        var rounded = Rounding.Round(group, part, scales, limit, feedback, bounds);
        for (int round = 0; pairs is not null && Tighten(pairs, rounded, bounds, round >= MostRounds); round++)
        {
            rounded = Rounding.Round(group, part, scales, limit, feedback, bounds);
        }

        return rounded;
    }

    /// <summary>Narrows the bounds of pairs that saturate, or of every weight of such a channel; false where none does.</summary>
    private static bool Tighten(PairSaturation pairs, ColumnMatrix quantized, RoundingBounds bounds, bool wholeChannels)
    {
        bool any = false;
        for (int j = 0; j < pairs.PairCount; j++)
        {
            int row = 2 * j * quantized.Width;
            for (int c = 0; c < quantized.Channels; c++)
            {
                int left = row + c;
                int right = left + quantized.Width;
                float excess = Excess(pairs, j, (int)quantized.Values[left], (int)quantized.Values[right]);
                if (excess <= 1)
                {
                    continue;
                }

                any = true;
                if (wholeChannels)
                {
                    LimitChannel(quantized, bounds, c);
                    continue;
                }

                LimitWeight(quantized.Values[left], excess, left, bounds);
                LimitWeight(quantized.Values[right], excess, right, bounds);
            }
        }

        return any;
    }

    private static void LimitWeight(float quantized, float excess, int index, RoundingBounds bounds)
    {
        float bound = MathF.Truncate(quantized / excess);
        if (quantized > 0)
        {
            bounds.Upper[index] = bound;
        }
        else
        {
            bounds.Lower[index] = bound;
        }
    }

    private static void LimitChannel(ColumnMatrix quantized, RoundingBounds bounds, int channel)
    {
        for (int k = 0; k < quantized.Inputs; k++)
        {
            int index = (k * quantized.Width) + channel;
            bounds.Lower[index] = Math.Max(bounds.Lower[index], -AlwaysSafe);
            bounds.Upper[index] = Math.Min(bounds.Upper[index], AlwaysSafe);
        }
    }

    private static ColumnMatrix Copy(ColumnMatrix source)
    {
        var copy = new ColumnMatrix(source.Inputs, source.Channels);
        source.Values.CopyTo(copy.Values, 0);
        return copy;
    }

    private int GroupOf(int column) => Array.FindLastIndex(offsets, offsets.Length - 2, o => o <= column);

    private bool ChangedColumn(RoundedWeights before, RoundedWeights after, int column)
    {
        int g = GroupOf(column);
        int c = column - offsets[g];
        for (int k = 0; k < groups[g].Weights.Inputs; k++)
        {
            int index = (k * groups[g].Weights.Width) + c;
            if (before.Quantized[g].Values[index] != after.Quantized[g].Values[index])
            {
                return true;
            }
        }

        return false;
    }
}
