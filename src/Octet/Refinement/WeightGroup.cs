using System.Numerics.Tensors;

namespace Octet.Refinement;

/// <summary>The weights of a <see cref="WeightProblem"/>, laid out for the solver, with what its rows say.</summary>
internal sealed class WeightGroup
{
    // With fewer rows than this nothing is left to learn from the others.
    private const int FewestRowsToHoldOut = 10;

    private readonly WeightOptions options;
    private OrderedCholesky? factor;
    private OrderedCholesky? fittedFactor;

    internal WeightGroup(WeightProblem problem, WeightOptions options)
    {
        this.options = options;
        Problem = problem;
        Weights = ColumnMatrix.Transposed(problem.Weights, problem.Channels, problem.K);
        Maxima = new float[Weights.Width];
        for (int c = 0; c < problem.Channels; c++)
        {
            Maxima[c] = Math.Abs(TensorPrimitives.MaxMagnitude<float>(problem.Weights.AsSpan(c * problem.K, problem.K)));
        }

        if (options.ErrorFeedback && problem.RowCount >= FewestRowsToHoldOut)
        {
            var (fitted, heldOut) = Split(problem);
            var fittedGram = GramMatrix.Of(fitted, problem.K);
            var heldOutGram = GramMatrix.Of(heldOut, problem.K);
            Gram = fittedGram.Plus(heldOutGram);
            FittedGram = fittedGram;
            HeldOutGram = heldOutGram;
        }
        else
        {
            Gram = problem.RowCount == 0 ? GramMatrix.Identity(problem.K) : GramMatrix.Of(problem.Rows, problem.K);
            FittedGram = Gram;
            HeldOutGram = Gram;
        }
    }

    internal WeightProblem Problem { get; }

    internal ColumnMatrix Weights { get; }

    /// <summary>Largest magnitude of each padded column.</summary>
    internal float[] Maxima { get; }

    /// <summary>Of all rows.</summary>
    internal GramMatrix Gram { get; }

    /// <summary>Of the rows that are held out; all where there are too few.</summary>
    internal GramMatrix HeldOutGram { get; }

    /// <summary>Of all rows.</summary>
    internal OrderedCholesky Factor => factor ??= new OrderedCholesky(Gram, options.Damping);

    /// <summary>Of the rows that are not held out.</summary>
    internal OrderedCholesky FittedFactor => ReferenceEquals(FittedGram, Gram) ? Factor : fittedFactor ??= new OrderedCholesky(FittedGram, options.Damping);

    private GramMatrix FittedGram { get; }

    /// <summary>One row of five, by a hash of its position: the rows of one sample stand together, so that every fifth could fall into step with them.</summary>
    private static (float[] Fitted, float[] HeldOut) Split(WeightProblem problem)
    {
        var fitted = new List<int>();
        var heldOut = new List<int>();
        for (int r = 0; r < problem.RowCount; r++)
        {
            uint hash = unchecked((uint)r * 2654435761u);
            hash = unchecked((hash ^ (hash >> 15)) * 2246822519u);
            ((hash >> 8) % 5 == 0 ? heldOut : fitted).Add(r);
        }

        return (Rows(fitted), Rows(heldOut));

        float[] Rows(List<int> chosen)
        {
            var rows = new float[chosen.Count * problem.K];
            for (int i = 0; i < chosen.Count; i++)
            {
                problem.Rows.AsSpan(chosen[i] * problem.K, problem.K).CopyTo(rows.AsSpan(i * problem.K));
            }

            return rows;
        }
    }
}
