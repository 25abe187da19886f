using Octet.Calibration;
using Octet.Data;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;

namespace Octet.Refinement;

/// <summary>What the float model puts out for some samples, to measure the errors of a quantized one by.</summary>
internal sealed class OutputReference
{
    // A gain must be so many standard errors: what a few samples gain by chance, others lose.
    private const double Certainty = 2;

    private readonly (string Name, bool AsLogits)[] outputs;
    private readonly float[][][] values;
    private readonly int[][] classes;
    private readonly double[] power;

    private OutputReference((string Name, bool AsLogits)[] outputs, float[][][] values, int[][] classes)
    {
        this.outputs = outputs;
        this.values = values;
        this.classes = classes;
        power = [.. outputs.Select((_, o) => values.Zip(classes).Sum(v => SquaredDistance(v.First[o], new float[v.First[o].Length], v.Second[o])))];
    }

    /// <summary>Whether no output is float and other than zero, so that there is nothing to measure.</summary>
    public bool IsEmpty => Array.TrueForAll(power, p => p == 0);

    /// <summary>Runs the float model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="samples">At least one.</param>
    /// <param name="workers">Runs side by side, ≥ 1.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="asLogits">
    /// True to look in front of a Softmax or Sigmoid that an output comes from. Behind it, the error is that of the few samples which the network is not sure
    /// of, so that a choice among ranges is decided by chance.
    /// </param>
    public static OutputReference Measure(Model model, IReadOnlyList<Sample> samples, int workers, CancellationToken cancellationToken, bool asLogits = false)
    {
        var graph = model.Graph;
        string[] floats = [.. graph.Outputs.Where(o => o.TensorType is not { ElementType: not ElementType.Float32 }).Select(o => o.Name)];
        bool HasOwnLogits(string output) => asLogits && LogitsOf(graph, output) is { } logits && !floats.Contains(logits) && floats.Count(o => LogitsOf(graph, o) == logits) == 1;
        (string Name, bool AsLogits)[] outputs = [.. floats.Select(o => (o, HasOwnLogits(o)))];
        if (outputs.Length == 0)
        {
            return new OutputReference([], [.. samples.Select(_ => Array.Empty<float[]>())], [.. samples.Select(_ => Array.Empty<int>())]);
        }

        string[] places = PlacesIn(graph, outputs);
        using var session = ObservedSession.Open(model, places, arena: false, GraphOptimization.All);
        var values = new float[samples.Count][][];
        var classes = new int[samples.Count][];
        ParallelRuns.ForEach(samples.Count, workers, i =>
        {
            using var run = session.Run(samples[i].Inputs, places, cancellationToken);
            values[i] = [.. places.Select((_, o) => run.Span<float>(o).ToArray())];
            classes[i] = [.. outputs.Select((o, p) => o.AsLogits ? ClassesOf(SourceOf(graph, o.Name)!, run.ShapeOf(p)) : 1)];
        }, cancellationToken);
        return new OutputReference(outputs, values, classes);
    }

    /// <summary>The values of a model, quantized or not, that are compared, in their order.</summary>
    public string[] PlacesIn(Graph graph) => PlacesIn(graph, outputs);

    /// <summary>Each sample's part of Σ(f − q)² / Σf², summed over the outputs.</summary>
    /// <param name="first">The first sample.</param>
    /// <param name="count">Number of samples.</param>
    /// <param name="run">Runs the quantized model for a sample and gives the values of <see cref="PlacesIn(Graph)"/>.</param>
    /// <param name="workers">Runs side by side, ≥ 1; the result does not depend on it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public double[] ErrorsOf(int first, int count, Func<int, SessionOutputs> run, int workers, CancellationToken cancellationToken)
    {
        var errors = new double[count];
        ParallelRuns.ForEach(count, workers, i =>
        {
            using var outputs = run(first + i);
            for (int o = 0; o < power.Length; o++)
            {
                errors[i] += power[o] > 0 ? SquaredDistance(values[first + i][o], outputs.Span<float>(o), classes[first + i][o]) / power[o] : 0;
            }
        }, cancellationToken);
        return errors;
    }

    /// <summary>Each sample's part of the error of a quantized model, on the samples that the float one was measured with.</summary>
    /// <param name="quantized">The model, simulated as it stands.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="workers">Runs side by side, ≥ 1; the result does not depend on it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public double[] ErrorsOf(Model quantized, IReadOnlyList<Sample> samples, int workers, CancellationToken cancellationToken)
    {
        if (outputs.Length == 0)
        {
            return new double[values.Length];
        }

        string[] places = PlacesIn(quantized.Graph);
        using var session = ObservedSession.Open(quantized, places, arena: false, GraphOptimization.All);
        return ErrorsOf(0, values.Length, i => session.Run(samples[i].Inputs, places, cancellationToken), workers, cancellationToken);
    }

    /// <summary>Whether errors are lower than others beyond chance: the mean gain a sample against its own standard error.</summary>
    /// <param name="errors">One a sample.</param>
    /// <param name="others">Of the same samples.</param>
    /// <param name="certainty">Standard errors that the gain must have.</param>
    public static bool IsBetter(double[] errors, double[] others, double certainty = Certainty)
    {
        double[] gains = [.. others.Zip(errors, (other, own) => other - own)];
        double mean = gains.Average();
        double variance = gains.Length > 1 ? gains.Sum(g => (g - mean) * (g - mean)) / (gains.Length - 1) / gains.Length : 0;
        return mean > 0 && mean * mean > certainty * certainty * variance;
    }

    private static string[] PlacesIn(Graph graph, IEnumerable<(string Name, bool AsLogits)> outputs) => [.. outputs.Select(o => o.AsLogits ? LogitsOf(graph, o.Name)! : o.Name)];

    // Null where the output comes from something else.
    private static string? LogitsOf(Graph graph, string output)
        => SourceOf(graph, output) is { } source && (source.Is("Softmax") || source.Is("Sigmoid")) && source.Inputs[0] is { Producer: not null } logits ? logits.Name : null;

    private static Node? SourceOf(Graph graph, string output)
    {
        var producer = graph.Find(output)!.Producer;
        while (producer is not null && (producer.Is("DequantizeLinear") || producer.Is("QuantizeLinear")))
        {
            producer = producer.Inputs[0]!.Producer;
        }

        return producer;
    }

    // How many neighbouring values a Softmax compares, so that what is added to all of them changes nothing; 1 where there are none such.
    private static int ClassesOf(Node source, Shape shape)
        => source.Is("Softmax") && shape.Rank > 0 && source.GetInt("axis", -1) is var axis && (axis == -1 || axis == shape.Rank - 1) ? checked((int)shape[shape.Rank - 1]) : 1;

    private static double SquaredDistance(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, int classes)
    {
        double sum = 0;
        for (int first = 0; first < expected.Length; first += classes)
        {
            double squares = 0;
            double shift = 0;
            for (int i = first; i < first + classes; i++)
            {
                double difference = (double)expected[i] - actual[i];
                squares += difference * difference;
                shift += difference;
            }

            sum += classes == 1 ? squares : Math.Max(0, squares - (shift * shift / classes));
        }

        return sum;
    }
}
