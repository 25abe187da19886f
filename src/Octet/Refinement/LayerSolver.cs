namespace Octet.Refinement;

/// <summary>Solves the groups of a layer whose scales hang together: one group, or all where they share one scale.</summary>
internal sealed class LayerSolver
{
    private readonly WeightGroup[] groups;
    private readonly int[] offsets;
    private readonly int limit;
    private readonly WeightRanges ranges;
    private readonly WeightOptions options;
    private readonly CancellationToken cancellationToken;

    internal LayerSolver(IReadOnlyList<WeightProblem> problems, WeightOptions options, CancellationToken cancellationToken)
    {
        this.options = options;
        this.cancellationToken = cancellationToken;
        groups = new WeightGroup[problems.Count];
        offsets = new int[problems.Count + 1];
        for (int g = 0; g < groups.Length; g++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            groups[g] = new WeightGroup(problems[g], options);
            offsets[g + 1] = offsets[g] + groups[g].Weights.Width;
        }

        limit = problems[0].Type.Max;
        var minimum = new float[offsets[^1]];
        for (int g = 0; g < groups.Length; g++)
        {
            problems[g].MinimumScales?.CopyTo(minimum, offsets[g]);
        }

        ranges = new WeightRanges([.. groups.SelectMany(g => g.Maxima)], minimum, problems[0].PerChannel, limit, problems[0].PowerOfTwoScales);
    }

    internal WeightSolution[] Solve()
    {
        var widest = Nearest(ranges.Scales(1));
        var nearest = options.RangeSearch ? Nearest(ranges.Search(s => Nearest(s).Errors)) : widest;
        var (chosen, fedBack) = options.ErrorFeedback ? ChooseFeedback(nearest) : (nearest, new bool[offsets[^1]]);
        cancellationToken.ThrowIfCancellationRequested();
        var avoidance = new SaturationAvoidance(groups, offsets, ranges, limit, options.SaturationMargin, fedBack);
        var final = avoidance.Apply(chosen);
        return [.. groups.Select((group, g) => Solution(group, g, widest, nearest, chosen, final, fedBack, avoidance))];
    }

    /// <summary>Rounds the columns that do better so on held-out rows with error feedback, in ranges chosen for that.</summary>
    private (RoundedWeights Chosen, bool[] FedBack) ChooseFeedback(RoundedWeights nearest)
    {
        var scales = options.RangeSearch ? ranges.Search(FittedErrors) : nearest.Scales;
        var fedBackErrors = new double[offsets[^1]];
        var nearestErrors = new double[offsets[^1]];
        for (int g = 0; g < groups.Length; g++)
        {
            var group = groups[g];
            var ownScales = Slice(scales, g);
            var (quantized, _) = ErrorFeedback.Round(group.FittedFactor, group.Weights, ownScales, limit);
            HeldOutErrors(group, quantized, ownScales).CopyTo(fedBackErrors, offsets[g]);
            HeldOutErrors(group, nearest.Quantized[g], Slice(nearest.Scales, g)).CopyTo(nearestErrors, offsets[g]);
        }

        var fedBackUnits = ranges.PerUnit(fedBackErrors);
        var nearestUnits = ranges.PerUnit(nearestErrors);
        var better = new bool[offsets[^1]];
        var mixed = new float[offsets[^1]];
        for (int c = 0; c < better.Length; c++)
        {
            better[c] = fedBackUnits[c] < nearestUnits[c];
            mixed[c] = better[c] ? scales[c] : nearest.Scales[c];
        }

        var rounded = new ColumnMatrix[groups.Length];
        for (int g = 0; g < groups.Length; g++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            rounded[g] = Rounding.Round(groups[g], groups[g].Weights, Slice(mixed, g), limit, better.AsSpan(offsets[g], groups[g].Weights.Width));
        }

        return (WithErrors(mixed, rounded), better);
    }

    private double[] FittedErrors(float[] scales)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var errors = new double[offsets[^1]];
        for (int g = 0; g < groups.Length; g++)
        {
            var (_, own) = ErrorFeedback.Round(groups[g].FittedFactor, groups[g].Weights, Slice(scales, g), limit);
            for (int c = 0; c < own.Length; c++)
            {
                errors[offsets[g] + c] = own[c];
            }
        }

        return errors;
    }

    private RoundedWeights Nearest(float[] scales)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return WithErrors(scales, [.. groups.Select((group, g) => NearestRounding.Round(group.Weights, Slice(scales, g), limit))]);
    }

    private RoundedWeights WithErrors(float[] scales, ColumnMatrix[] quantized)
    {
        var errors = new double[offsets[^1]];
        for (int g = 0; g < groups.Length; g++)
        {
            Rounding.OutputErrors(groups[g], groups[g].Weights, quantized[g], Slice(scales, g)).CopyTo(errors, offsets[g]);
        }

        return new RoundedWeights(scales, quantized, errors);
    }

    private static double[] HeldOutErrors(WeightGroup group, ColumnMatrix quantized, ReadOnlySpan<float> scales)
        => group.HeldOutGram.ErrorOf(NearestRounding.Errors(group.Weights, quantized, scales), group.Weights.Width);

    private ReadOnlySpan<float> Slice(float[] columns, int group) => columns.AsSpan(offsets[group], offsets[group + 1] - offsets[group]);

    private WeightSolution Solution(
        WeightGroup group,
        int g,
        RoundedWeights widest,
        RoundedWeights nearest,
        RoundedWeights chosen,
        RoundedWeights final,
        bool[] fedBack,
        SaturationAvoidance avoidance)
    {
        var problem = group.Problem;
        var columns = new Range(offsets[g], offsets[g] + problem.Channels);
        var quantized = new int[problem.Channels * problem.K];
        for (int c = 0; c < problem.Channels; c++)
        {
            for (int k = 0; k < problem.K; k++)
            {
                quantized[(c * problem.K) + k] = (int)final.Quantized[g].Values[(k * group.Weights.Width) + c];
            }
        }

        var report = new WeightReport(
            widest.Errors[columns].Sum(),
            nearest.Errors[columns].Sum(),
            chosen.Errors[columns].Sum(),
            final.Errors[columns].Sum(),
            fedBack[columns].Count(f => f),
            avoidance.Narrowed[columns].Count(n => n),
            avoidance.Clipped[columns].Count(c => c),
            avoidance.CountSaturating(g, chosen.Quantized[g]),
            avoidance.CountSaturating(g, final.Quantized[g]));
        return new WeightSolution(quantized, problem.PerChannel ? final.Scales[columns] : [final.Scales[offsets[g]]], report);
    }
}
