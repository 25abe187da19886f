using Octet.Inference;

namespace Octet.Analysis;

/// <summary>What is kept of one sample's run: a few sums for each output.</summary>
/// <param name="Errors">Against the reference, an output each; empty without one.</param>
/// <param name="Rows">Rows compared, an output each.</param>
/// <param name="Agreeing">Rows that agree, an output each.</param>
/// <param name="Hits">By the labels, an output each; null where the output does not fit them.</param>
/// <param name="ReferenceHits">The same of the reference.</param>
internal sealed record SampleScore(ErrorSums[] Errors, long[] Rows, long[] Agreeing, LabelHits?[] Hits, LabelHits?[] ReferenceHits)
{
    /// <summary>Compares the outputs of one sample.</summary>
    /// <param name="sample">What to call it in errors.</param>
    /// <param name="outputs">Of the model.</param>
    /// <param name="reference">Of the reference, in the same order; null without one.</param>
    /// <param name="labels">Classes of the sample's items.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.OutputsMismatched"/>: an output has another shape than the reference's.</exception>
    public static SampleScore Of(string sample, SessionOutputs outputs, SessionOutputs? reference, IReadOnlyList<int?> labels)
    {
        int count = outputs.Names.Count;
        bool labelled = labels.Any(l => l is not null);
        var score = new SampleScore(new ErrorSums[count], new long[count], new long[count], new LabelHits?[count], new LabelHits?[count]);
        for (int i = 0; i < count; i++)
        {
            var model = OutputValues.Of(outputs, i);
            score.Hits[i] = labelled ? LabelHits.Of(model, labels) : null;
            if (reference is null)
            {
                continue;
            }

            var expected = OutputValues.Of(reference, i);
            if (expected.Shape != model.Shape)
            {
                throw new OctetException(
                    ErrorCodes.OutputsMismatched,
                    $"with {sample} output \"{reference.Names[i]}\" is {model.Shape}, but {expected.Shape} in the reference",
                    "compare a model with the one that it was made from");
            }

            score.Errors[i] = ErrorSums.Of(expected.Values, model.Values);
            (score.Rows[i], score.Agreeing[i]) = Agreement(expected, model);
            score.ReferenceHits[i] = labelled ? LabelHits.Of(expected, labels) : null;
        }

        return score;
    }

    private static (long Rows, long Agreeing) Agreement(OutputValues expected, OutputValues model)
    {
        if (expected.AreIntegers)
        {
            return (expected.Values.Length, expected.Values.Zip(model.Values).Count(p => p.First == p.Second));
        }

        if (expected.Classes < 2)
        {
            return (0, 0);
        }

        int rows = expected.Values.Length / expected.Classes;
        return (rows, Enumerable.Range(0, rows).Count(r => expected.LargestOf(r) == model.LargestOf(r)));
    }
}
