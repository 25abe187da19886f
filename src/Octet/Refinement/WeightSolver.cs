namespace Octet.Refinement;

/// <summary>
/// Quantizes the weights of convolutions and matrix products so that the layer's output, not the weights, is as close as possible: scales chosen and values
/// rounded by the error over sampled inputs. One solve uses one thread and gives the same result each time on one class of processor.
/// </summary>
public static class WeightSolver
{
    /// <summary>Solves one group by itself.</summary>
    /// <exception cref="ArgumentException">The parts of the problem do not fit together.</exception>
    /// <exception cref="OctetException"><see cref="ErrorCodes.NonFiniteWeight"/>.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static WeightSolution Solve(WeightProblem problem, WeightOptions? options = null, CancellationToken cancellationToken = default)
        => SolveGroups([problem], options, cancellationToken)[0];

    /// <summary>Solves the groups of one layer; with one scale for the layer (not <see cref="WeightProblem.PerChannel"/>) all get the same.</summary>
    /// <param name="problems">At least one, all with the same type and <see cref="WeightProblem.PerChannel"/>.</param>
    /// <returns>A solution for each group, in order.</returns>
    /// <inheritdoc cref="Solve"/>
    public static IReadOnlyList<WeightSolution> SolveGroups(
        IReadOnlyList<WeightProblem> problems, WeightOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(problems);
        options ??= new WeightOptions();
        if (!(options.Damping > 0 && double.IsFinite(options.Damping)) || !(options.SaturationMargin >= 0 && double.IsFinite(options.SaturationMargin)))
        {
            throw new ArgumentException($"Damping must be positive and the margin at least 0, not {options.Damping} and {options.SaturationMargin}.", nameof(options));
        }

        if (problems.Count == 0 || problems.Any(p => p.Type != problems[0].Type || p.PerChannel != problems[0].PerChannel))
        {
            throw new ArgumentException("The groups of a layer must have one type and one granularity.", nameof(problems));
        }

        foreach (var problem in problems)
        {
            problem.Check();
        }

        return problems[0].PerChannel
            ? [.. problems.Select(p => new LayerSolver([p], options, cancellationToken).Solve()[0])]
            : new LayerSolver(problems, options, cancellationToken).Solve();
    }
}
