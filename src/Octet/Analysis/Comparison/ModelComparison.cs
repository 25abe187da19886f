using Octet.Calibration;
using Octet.Data;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;
using Octet.Rewrites;

namespace Octet.Analysis.Comparison;

/// <summary>
/// Measures a quantized model, whoever made it, against the float model that it was made from: each activation by its error with everything before it quantized, and by
/// what its layer alone adds. Tensors are matched by their names.
/// <code>
/// var report = ModelComparison.Compare("net.int8.onnx", "net.onnx", samples);
/// Console.WriteLine(report.Tensors.MinBy(t => t.Alone.Sqnr)!.Layer);
/// </code>
/// </summary>
public sealed class ModelComparison
{
    private const int MostSamples = 32;
    private const int NamedTensors = 5;

    private readonly Model quantized;
    private readonly Model reference;
    private readonly Sample[] samples;
    private readonly int workers;
    private readonly Action? progress;
    private readonly CancellationToken cancellationToken;

    private ModelComparison(Model quantized, Model reference, Sample[] samples, int workers, Action? progress, CancellationToken cancellationToken)
    {
        this.quantized = quantized;
        this.reference = reference;
        this.samples = samples;
        this.workers = workers;
        this.progress = progress;
        this.cancellationToken = cancellationToken;
    }

    /// <summary>Number of calls of <c>progress</c> that a comparison makes.</summary>
    /// <param name="samples">The samples.</param>
    public static int Steps(ISampleSource samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return 2 * Math.Min(MostSamples, samples.Count);
    }

    /// <summary>Compares two model files.</summary>
    /// <param name="quantizedPath">A model with Q/DQ pairs, integer operators or integer weights.</param>
    /// <param name="referencePath">The float model.</param>
    /// <param name="samples">At least one; at most 32 of them, taken evenly from all, are measured on.</param>
    /// <param name="workers">Samples side by side, ≥ 1; the result does not depend on it.</param>
    /// <param name="progress">Called <see cref="Steps"/> times, by several threads.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OctetException">
    /// <see cref="ErrorCodes.TensorsUnmatched"/>: the first holds nothing quantized, or no tensor that the second has by name;
    /// <see cref="ErrorCodes.OutputsMismatched"/>: the second has an input or output that the first lacks; or a model or sample is at fault.
    /// </exception>
    public static ComparisonReport Compare(
        string quantizedPath, string referencePath, ISampleSource samples, int workers = 1, Action? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        int count = Math.Min(MostSamples, samples.Count);
        Sample[] chosen = [.. Enumerable.Range(0, count).Select(i => samples.Load((int)((long)i * samples.Count / count)))];
        return new ModelComparison(Read(quantizedPath), Read(referencePath), chosen, workers, progress, cancellationToken).Run(Path.GetFileName(quantizedPath), Path.GetFileName(referencePath));
    }

    private static Model Read(string path)
    {
        var model = OnnxFormat.Read(path);
        model.Graph.FixInputDefaults();
        new RewritePipeline([new LiftConstants()]).Run(model);
        return model;
    }

    private ComparisonReport Run(string name, string referenceName)
    {
        CheckPorts(name);
        var (matches, strangers) = TensorMatch.All(quantized.Graph, reference.Graph);
        if (matches.Count == 0)
        {
            throw strangers.Count == 0
                ? new OctetException(ErrorCodes.TensorsUnmatched, $"\"{name}\" holds nothing quantized that could be compared", "give the quantized model first, and the float model it was made from with --reference")
                : new OctetException(ErrorCodes.TensorsUnmatched, $"none of the {strangers.Count} quantized tensors of \"{name}\" (first \"{strangers[0]}\") bears the name of a tensor of \"{referenceName}\"", "give the float model that it was made from; a quantizer that renames tensors leaves nothing to match by");
        }

        using var floats = ObservedSession.Open(reference, [.. matches.Select(m => m.Reference).Distinct()], arena: false);
        var (scales, different) = FindScales(floats, matches);
        TensorMatch[] fitting = [.. matches.Where(m => !different.Contains(m))];
        var tensors = Measure(floats, fitting, scales);
        using var outputs = new OutputErrors(reference, samples, workers, cancellationToken);
        string[] unmatched = [.. strangers, .. different.Select(m => m.Value.Name)];
        return new ComparisonReport
        {
            Samples = samples.Length,
            Sqnr = OutputErrors.Sqnr(outputs.Of(quantized, cancellationToken)),
            Tensors = [.. tensors],
            Unmatched = [.. unmatched],
            Warnings = [.. Warnings(tensors, unmatched, referenceName)],
        };
    }

    private void CheckPorts(string name)
    {
        var inputs = quantized.Graph.Inputs.Select(i => i.Name).ToHashSet(StringComparer.Ordinal);
        var outputs = quantized.Graph.Outputs.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
        var missing = reference.Graph.Inputs.Where(i => i.Constant is null && !inputs.Contains(i.Name)).Select(i => $"input \"{i.Name}\"")
            .Concat(reference.Graph.Outputs.Where(o => !outputs.Contains(o.Name)).Select(o => $"output \"{o.Name}\"")).FirstOrDefault();
        if (missing is not null)
        {
            throw new OctetException(ErrorCodes.OutputsMismatched, $"\"{name}\" has no {missing} as its reference has", "compare a model with the one that it was made from");
        }
    }

    // What differs in shape stands for something else.
    private (IReadOnlyDictionary<TensorMatch, ChannelRescaling> Scales, HashSet<TensorMatch> Different) FindScales(FloatSession floats, IReadOnlyList<TensorMatch> matches)
    {
        var copy = quantized.Clone();
        string[] views = Views(copy.Graph, matches);
        using var session = Open(copy);
        var sums = matches.Select(_ => new[] { new ChannelScales(samples.Length, last: false), new ChannelScales(samples.Length, last: true) }).ToArray();
        var differs = new bool[matches.Count];
        ParallelRuns.ForEach(samples.Length, workers, i =>
        {
            using var expected = floats.Run(samples[i].Inputs, Names(matches), cancellationToken);
            using var actual = session.Run(samples[i].Inputs, views, cancellationToken);
            for (int m = 0; m < matches.Count; m++)
            {
                if (!expected.IsFloat(m) || !actual.IsFloat(m) || expected.ShapeOf(m) != actual.ShapeOf(m))
                {
                    differs[m] = true;
                }
                else
                {
                    foreach (var sum in sums[m])
                    {
                        sum.Add(i, expected.ShapeOf(m), expected.Span<float>(m), actual.Span<float>(m));
                    }
                }
            }

            progress?.Invoke();
        }, cancellationToken);
        return (
            matches.Select((match, m) => (match, Scales: differs[m] ? null : sums[m].Select(s => s.Find()).FirstOrDefault(f => f is not null))).Where(p => p.Scales is not null).ToDictionary(p => p.match, p => p.Scales!),
            [.. matches.Where((_, m) => differs[m])]);
    }

    private ComparedTensor[] Measure(FloatSession floats, TensorMatch[] matches, IReadOnlyDictionary<TensorMatch, ChannelRescaling> scales)
    {
        var whole = quantized.Clone();
        string[] views = Views(whole.Graph, matches);
        using var accumulated = Open(whole);
        var apart = quantized.Clone();
        string[] cuts = Cut(apart.Graph, matches);
        string[] aloneViews = Views(apart.Graph, matches);
        using var alone = Open(apart);
        var sums = new (ErrorSums Accumulated, ErrorSums Alone)[samples.Length][];
        ParallelRuns.ForEach(samples.Length, workers, i =>
        {
            using var expected = floats.Run(samples[i].Inputs, Names(matches), cancellationToken);
            Tensor[] goals = [.. matches.Select((m, k) => scales.TryGetValue(m, out var found)
                ? found.Apply(expected.ShapeOf(k), expected.Span<float>(k))
                : expected.ToTensor(k))];
            var inputs = new Dictionary<string, Tensor>(samples[i].Inputs.Where(p => alone.Inputs.Any(port => port.Name == p.Key)), StringComparer.Ordinal);
            for (int k = 0; k < cuts.Length; k++)
            {
                if (alone.Inputs.Any(port => port.Name == cuts[k]))
                {
                    inputs.Add(cuts[k], goals[k]);
                }
            }

            using var all = accumulated.Run(samples[i].Inputs, views, cancellationToken);
            using var each = alone.Run(inputs, aloneViews, cancellationToken);
            sums[i] = [.. matches.Select((_, k) => (ErrorSums.Of(goals[k].AsSpan<float>(), all.Span<float>(k)), ErrorSums.Of(goals[k].AsSpan<float>(), each.Span<float>(k))))];
            progress?.Invoke();
        }, cancellationToken);
        return [.. matches.Select((m, k) => new ComparedTensor(
            m.Layer?.DisplayName ?? m.Reference,
            m.Layer?.OpType ?? string.Empty,
            m.Reference,
            m.Type,
            ErrorMeasures.Of([.. sums.Select(s => s[k].Accumulated)]),
            ErrorMeasures.Of([.. sums.Select(s => s[k].Alone)]),
            scales.ContainsKey(m)))];
    }

    private string[] Names(IReadOnlyList<TensorMatch> matches) => [.. matches.Select(m => ObservedSession.OutputName(reference.Graph, m.Reference))];

    private static FloatSession Open(Model model) => new(model, new FloatSessionOptions { Optimization = GraphOptimization.Basic, IntegerKernels = false, Arena = false });

    // Makes every reader of a matched tensor read an input in its place, rounded as the tensor is: gives the inputs' names.
    private static string[] Cut(Graph graph, IReadOnlyList<TensorMatch> matches)
    {
        var first = graph.Nodes.First();
        return [.. matches.Select(m =>
        {
            var value = graph.Find(m.Value.Name)!;
            var input = graph.AddInput(graph.FreshName(m.Value.Name + "_given"), new TensorType(ElementType.Float32, null));
            value.ReplaceUsesWith(m.Scale is not { } s ? input
                : graph.Add("QuantizeLinear", [input, graph.Find(s.Scale.Name), s.ZeroPoint is { } z ? graph.Find(z.Name) : null], graph.FreshName(m.Value.Name + "_rounded"), before: first));
            return input.Name;
        })];
    }

    // Makes the matched tensors, as floats, the only outputs: gives their names.
    private static string[] Views(Graph graph, IReadOnlyList<TensorMatch> matches)
    {
        graph.ClearOutputs();
        string[] names = [.. matches.Select(m =>
        {
            var value = graph.Find(m.Value.Name)!;
            var view = m.Scale is not { } s ? value
                : graph.Add("DequantizeLinear", [value, graph.Find(s.Scale.Name), s.ZeroPoint is { } z ? graph.Find(z.Name) : null], graph.FreshName(m.Value.Name + "_viewed"));
            graph.AddOutput(view);
            return view.Name;
        })];
        graph.RemoveUnused();
        return names;
    }

    private static IEnumerable<string> Warnings(ComparedTensor[] tensors, string[] unmatched, string referenceName)
    {
        ComparedTensor[] noisy = [.. tensors.Where(t => t.Accumulated.NoiseRatio > ErrorMeasures.NoisyRatio).OrderByDescending(t => t.Accumulated.NoiseRatio)];
        if (noisy.Length > 0)
        {
            string worst = string.Join(", ", noisy.Take(NamedTensors).Select(t => FormattableString.Invariant($"\"{t.Tensor}\" {t.Accumulated.NoiseRatio:0.0%}")));
            yield return FormattableString.Invariant($"{ErrorCodes.LayerNoisy}: the noise has more than {ErrorMeasures.NoisyRatio:0%} of the signal's power at {worst}{More(noisy.Length)}");
        }

        if (unmatched.Length > 0)
        {
            yield return $"{ErrorCodes.TensorsUnmatched}: \"{referenceName}\" has no tensor of the name and shape of {string.Join(", ", unmatched.Take(NamedTensors).Select(u => $"\"{u}\""))}{More(unmatched.Length)}; they were not compared";
        }
    }

    private static string More(int count) => count > NamedTensors ? FormattableString.Invariant($" and {count - NamedTensors} more") : string.Empty;
}
