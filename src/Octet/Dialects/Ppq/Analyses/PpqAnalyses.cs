using Octet.Analysis;
using Octet.Calibration;
using Octet.Data;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;

namespace Octet.Dialects.Ppq.Analyses;

/// <summary>PPQ 0.6.6's analyses (ppq/quantization/analyse): what quantization costs, operator by operator. All look at one batch more than their steps, as PPQ does.</summary>
public static class PpqAnalyses
{
    private const int GraphwiseFetches = 4096;
    private const int StatisticalFetches = 1024;

    private static readonly string[] Passive = ["MaxPool", "GlobalMaxPool", "Reshape", "Flatten", "Identity", "Pad", "Split", "Transpose", "Interp", "Squeeze", "Unsqueeze"];

    /// <summary>graphwise_error_analyse: the error at the output of every computing operator with everything before it quantized, at 4,096 positions of each sample.</summary>
    /// <param name="graph">The quantized network.</param>
    /// <param name="batches">Data.</param>
    /// <param name="steps">Batches that are looked at, less one.</param>
    /// <param name="threads">Batches side by side; the result does not depend on it.</param>
    /// <param name="progress">Called once a batch.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The errors by operator, in the order of the graph.</returns>
    public static IReadOnlyDictionary<string, ErrorMeasures> GraphwiseErrorAnalyse(
        PpqGraph graph, ISampleSource batches, int steps, int threads, Action? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(batches);
        string[] operations = [.. graph.ComputingOperations.Select(l => PpqGraph.NameOf(l.NodeIn(graph.Float.Graph)))];
        string[] tensors = [.. graph.ComputingOperations.Select(l => l.Key)];
        var sums = new ErrorSums[Math.Min(batches.Count, steps + 1)][][];
        if (tensors.Length == 0)
        {
            return new Dictionary<string, ErrorMeasures>(StringComparer.Ordinal);
        }

        using var reference = new FloatRuns(graph, tensors);
        using var quantized = new PpqExecutor(graph, tensors);
        ParallelRuns.ForEach(sums.Length, threads, i =>
        {
            var inputs = batches.Load(i).Inputs;
            sums[i] = [.. reference.Run(inputs, cancellationToken).Zip(quantized.Forward(inputs, cancellationToken), (f, q) => OfItems(f, q, GraphwiseFetches))];
            progress?.Invoke();
        }, cancellationToken);
        return operations.Select((o, n) => KeyValuePair.Create(o, ErrorMeasures.Of([.. sums.SelectMany(s => s[n])]))).ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>layerwise_error_analyse: the error at the network's outputs with one computing operator quantized at a time.</summary>
    /// <param name="graph">The quantized network.</param>
    /// <param name="batches">Data.</param>
    /// <param name="steps">Batches that are looked at, less one.</param>
    /// <param name="threads">Batches side by side; the result does not depend on it.</param>
    /// <param name="interestedOutputs">Tensors in place of the network's outputs; null for these.</param>
    /// <param name="progress">Called once a batch of each operator.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The errors by operator, in the order of the graph.</returns>
    public static IReadOnlyDictionary<string, ErrorMeasures> LayerwiseErrorAnalyse(
        PpqGraph graph, ISampleSource batches, int steps, int threads, IReadOnlyList<string>? interestedOutputs = null, Action? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(batches);
        string[] tensors = [.. interestedOutputs ?? [.. graph.Float.Graph.Outputs.Select(o => o.Name)]];
        int count = Math.Min(batches.Count, steps + 1);
        var errors = new Dictionary<string, ErrorMeasures>(StringComparer.Ordinal);
        using var reference = new FloatRuns(graph, tensors);
        foreach (string operation in graph.ComputingOperations.Select(l => PpqGraph.NameOf(l.NodeIn(graph.Float.Graph))))
        {
            using var quantized = new PpqExecutor(PpqSimulation.Of(graph, operation), tensors);
            var sums = new ErrorSums[count][];
            ParallelRuns.ForEach(count, threads, i =>
            {
                var inputs = batches.Load(i).Inputs;
                sums[i] = [.. reference.Run(inputs, cancellationToken).Zip(quantized.Forward(inputs, cancellationToken)).SelectMany(p => OfItems(p.First, p.Second, null))];
                progress?.Invoke();
            }, cancellationToken);
            errors.Add(operation, ErrorMeasures.Of([.. sums.SelectMany(s => s)]));
        }

        return errors;
    }

    /// <summary>parameter_analyse: ranges, deviations and means of all parameters of more than one value, rounded where they are quantized.</summary>
    /// <param name="graph">The quantized network.</param>
    public static IReadOnlyList<ParameterSummary> ParameterAnalyse(PpqGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return [.. graph.Baked().Graph.Nodes
            .SelectMany(n => n.Inputs.OfType<Value>().Where(i => i is { IsConstant: true, Constant: { Type: ElementType.Float32, Count: > 1 } }).Select(i => (Node: n, Value: i)))
            .Select(p => ParameterSummary.Of(p.Value.Name, PpqGraph.NameOf(p.Node), p.Value.Constant!.AsSpan<float>()))];
    }

    /// <summary>statistical_analyse: noise, quantized and float values of every tensor at every quantized operator that computes, at 1,024 positions of each batch.</summary>
    /// <param name="graph">The quantized network.</param>
    /// <param name="batches">Data.</param>
    /// <param name="steps">Batches that are looked at, less one.</param>
    /// <param name="threads">Batches side by side; the result does not depend on it.</param>
    /// <param name="progress">Called once a batch.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>A record for each operator and tensor, in the order of the graph.</returns>
    public static IReadOnlyList<StatisticalRecord> StatisticalAnalyse(
        PpqGraph graph, ISampleSource batches, int steps, int threads, Action? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(batches);
        var configs = graph.Configs.Where(c => !Passive.Contains(NodeOf(graph, c.Operation).OpType)).ToArray();
        string[] tensors = [.. configs.Where(c => !c.IsParameter).Select(c => c.Variable).Distinct()];
        int count = Math.Min(batches.Count, steps + 1);
        var values = new (float[] Float, float[] Quantized)[count][];
        using (var reference = new FloatRuns(graph, tensors))
        using (var quantized = new PpqExecutor(graph, tensors))
        {
            ParallelRuns.ForEach(count, threads, i =>
            {
                var inputs = batches.Load(i).Inputs;
                values[i] = [.. reference.Run(inputs, cancellationToken).Zip(quantized.Forward(inputs, cancellationToken), (f, q) => (Fetched(f), Fetched(q)))];
                progress?.Invoke();
            }, cancellationToken);
        }

        var baked = graph.Baked().Graph;
        return [.. configs.Select(c =>
        {
            var (f, q) = c.IsParameter
                ? (Repeated(Fetched(graph.Float.Graph.Find(c.Variable)!.Constant!), count), Repeated(Fetched(baked.Find(c.Variable)!.Constant!), count))
                : (values.SelectMany(v => v[Array.IndexOf(tensors, c.Variable)].Float).ToArray(), values.SelectMany(v => v[Array.IndexOf(tensors, c.Variable)].Quantized).ToArray());
            var sums = ErrorSums.Of(f, q);
            float[] noise = [.. q.Zip(f, (a, b) => a - b)];
            return new StatisticalRecord(
                c.Operation,
                NodeOf(graph, c.Operation).OpType,
                c.IsParameter,
                !c.IsOutput,
                c.IsOutput,
                c.Variable,
                ErrorMeasures.Of([sums]).NoiseRatio,
                ValueDistribution.Of(noise),
                ValueDistribution.Of(q),
                ValueDistribution.Of(f));
        })];
    }

    private static Node NodeOf(PpqGraph graph, string operation) => graph.Float.Graph.Nodes.First(n => PpqGraph.NameOf(n) == operation);

    private static float[] Fetched(Tensor tensor)
    {
        var values = tensor.AsSpan<float>();
        return SeededPositions.Take(values, SeededPositions.Draw(StatisticalFetches, values.Length));
    }

    private static float[] Repeated(float[] values, int count) => [.. Enumerable.Repeat(values, count).SelectMany(v => v)];

    /// <summary>The sums of each item of a batch, at drawn positions or all.</summary>
    private static ErrorSums[] OfItems(Tensor reference, Tensor quantized, int? fetches)
    {
        int items = reference.Shape.Rank == 0 ? 1 : (int)Math.Max(1, reference.Shape[0]);
        int each = (int)(reference.Count / items);
        int[]? positions = fetches is { } count ? SeededPositions.Draw(count, each) : null;
        var sums = new ErrorSums[items];
        for (int i = 0; i < items; i++)
        {
            var f = reference.AsSpan<float>().Slice(i * each, each);
            var q = quantized.AsSpan<float>().Slice(i * each, each);
            sums[i] = positions is null ? ErrorSums.Of(f, q) : ErrorSums.Of(SeededPositions.Take(f, positions), SeededPositions.Take(q, positions));
        }

        return sums;
    }

    /// <summary>Runs of the float network.</summary>
    private sealed class FloatRuns(PpqGraph graph, string[] tensors) : IDisposable
    {
        private readonly FloatSession session = ObservedSession.Open(graph.Float, tensors, arena: false);
        private readonly string[] outputs = [.. tensors.Select(t => ObservedSession.OutputName(graph.Float.Graph, t))];

        public IEnumerable<Tensor> Run(IReadOnlyDictionary<string, Tensor> inputs, CancellationToken cancellationToken)
        {
            using var results = session.Run(inputs, outputs, cancellationToken);
            return [.. outputs.Select((_, i) => results.ToTensor(i))];
        }

        public void Dispose() => session.Dispose();
    }
}
