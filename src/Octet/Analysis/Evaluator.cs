using System.Collections.Immutable;
using Octet.Data;
using Octet.Inference;
using Octet.Numerics;

namespace Octet.Analysis;

/// <summary>
/// Measures a model on samples: its errors against a reference, and its accuracy where the samples have labels. Several samples run side
/// by side, each on one thread; sums are taken in the order of the samples, so that the numbers do not depend on how many.
/// </summary>
public static class Evaluator
{
    private const int FewClasses = 5;

    /// <summary>Evaluates a model.</summary>
    /// <param name="model">The model: a path or a model in memory.</param>
    /// <param name="reference">The float model that it was made from; null to measure accuracy alone.</param>
    /// <param name="samples">At least one, with labels if accuracy is wanted.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="progress">Called once for each sample that is done, by several threads.</param>
    /// <param name="cancellationToken">Ends the evaluation.</param>
    /// <exception cref="OctetException">
    /// A model cannot be loaded or run, a sample not be read; <see cref="ErrorCodes.OutputsMismatched"/>: the models' outputs do not fit each
    /// other; <see cref="ErrorCodes.LabelsMalformed"/>: the labels fit no output; <see cref="ErrorCodes.UnknownName"/>: there is no output of
    /// the name in <see cref="EvaluationOptions.LabelledOutput"/>; <see cref="ErrorCodes.MetricFailed"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static EvaluationReport Evaluate(
        ModelSource model,
        ModelSource? reference,
        ISampleSource samples,
        EvaluationOptions? options = null,
        Action? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(samples);
        options ??= new EvaluationOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, nameof(options));
        var sessionOptions = new FloatSessionOptions { AllowSaturation = options.AllowSaturation };
        using var session = model.Open(sessionOptions);
        using var referenceSession = reference?.Open(sessionOptions);
        var match = referenceSession is null ? null : OutputMatch.Of(session, referenceSession);
        var names = match?.Model ?? OutputMatch.Readable(session);
        if (options.LabelledOutput is { } wanted && !names.Contains(wanted))
        {
            throw NameSuggestion.Unknown("output", wanted, names);
        }

        using var saved = options.Metric is null ? null : new SavedOutputs(samples);
        using var savedReference = options.Metric is null || referenceSession is null ? null : new SavedOutputs(samples);
        var scores = new SampleScore[samples.Count];
        ParallelRuns.ForEach(samples.Count, options.Threads, i =>
        {
            var inputs = samples.Load(i).Inputs;
            using var outputs = session.Run(inputs, names, cancellationToken);
            using var expected = referenceSession?.Run(inputs, match!.Reference, cancellationToken);
            scores[i] = SampleScore.Of($"sample {i} (\"{samples.NameOf(i)}\")", outputs, expected, samples.LabelsOf(i));
            saved?.Save(i, match?.Reference ?? names, outputs);
            savedReference?.Save(i, match!.Reference, expected!);
            progress?.Invoke();
        }, cancellationToken);
        return new EvaluationReport
        {
            Samples = scores.Length,
            Outputs = referenceSession is null ? [] : [.. match!.Reference.Select((name, i) => OutputOf(name, TypeOf(referenceSession, name), scores, i))],
            Classification = ClassificationOf(samples, names, scores, options.LabelledOutput, referenceSession is not null),
            Metric = options.Metric is not { } metric ? null : new MetricReport(
                metric.Name, metric.Compute(saved!, cancellationToken), savedReference is null ? null : metric.Compute(savedReference, cancellationToken)),
        };
    }

    private static ElementType TypeOf(FloatSession session, string output) => session.Outputs.First(o => o.Name == output).ElementType;

    private static OutputReport OutputOf(string name, ElementType type, SampleScore[] scores, int output)
    {
        var sums = default(ErrorSums);
        foreach (var score in scores)
        {
            sums.Add(score.Errors[output]);
        }

        long rows = scores.Sum(s => s.Rows[output]);
        double? agreement = rows == 0 ? null : (double)scores.Sum(s => s.Agreeing[output]) / rows;
        return new OutputReport(name, type, sums.Count, sums.Sqnr, sums.Cosine, sums.MaxAbs, sums.MeanAbs, agreement, sums.NonFinite);
    }

    private static ClassificationReport? ClassificationOf(
        ISampleSource samples, ImmutableArray<string> names, SampleScore[] scores, string? wanted, bool hasReference)
    {
        int[] labelled = [.. Enumerable.Range(0, scores.Length).Where(i => samples.LabelsOf(i).Any(l => l is not null))];
        if (labelled.Length == 0)
        {
            return null;
        }

        int output = Enumerable.Range(0, names.Length)
            .FirstOrDefault(o => (wanted is null || names[o] == wanted) && labelled.All(i => scores[i].Hits[o] is not null), -1);
        if (output < 0)
        {
            throw new OctetException(
                ErrorCodes.LabelsMalformed,
                $"the samples have labels, but {(wanted is null ? "no output" : $"output \"{wanted}\"")} has one row of scores, or one integer, a label",
                wanted is null ? "leave the labels out, or give each item of a batch its label" : $"the outputs are {string.Join(", ", names)}");
        }

        if (labelled.FirstOrDefault(i => scores[i].Hits[output]!.Value.BeyondClasses is not null, -1) is >= 0 and var bad)
        {
            var hits = scores[bad].Hits[output]!.Value;
            throw new OctetException(
                ErrorCodes.LabelsMalformed,
                $"the label {hits.BeyondClasses} of sample {bad} (\"{samples.NameOf(bad)}\") exceeds the {hits.Classes} classes of output \"{names[output]}\"",
                "number the classes from 0 as the model does, or name the output that the labels belong to");
        }

        LabelHits[] all = [.. labelled.Select(i => scores[i].Hits[output]!.Value)];
        LabelHits[] references = hasReference ? [.. labelled.Select(i => scores[i].ReferenceHits[output]).OfType<LabelHits>()] : [];
        long items = all.Sum(h => (long)h.Items);
        bool ranked = all.All(h => h.Classes > FewClasses);
        double? Share(LabelHits[] of, Func<LabelHits, int> hit) => of.Length == 0 ? null : (double)of.Sum(h => (long)hit(h)) / items;
        return new ClassificationReport(
            names[output],
            items,
            Share(all, h => h.Top1)!.Value,
            ranked ? Share(all, h => h.Top5) : null,
            Share(references, h => h.Top1),
            ranked ? Share(references, h => h.Top5) : null);
    }
}
