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

    private readonly float[][][] values;
    private readonly double[] power;

    private OutputReference(string[] outputs, float[][][] values)
    {
        Outputs = outputs;
        this.values = values;
        power = [.. outputs.Select((_, o) => values.Sum(v => Squares(v[o])))];
    }

    /// <summary>The float outputs, by name.</summary>
    public IReadOnlyList<string> Outputs { get; }

    /// <summary>Whether no output is float and other than zero, so that there is nothing to measure.</summary>
    public bool IsEmpty => Array.TrueForAll(power, p => p == 0);

    /// <summary>Runs the float model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="samples">At least one.</param>
    /// <param name="workers">Runs side by side, ≥ 1.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static OutputReference Measure(Model model, IReadOnlyList<Sample> samples, int workers, CancellationToken cancellationToken)
    {
        using var session = new FloatSession(model, new FloatSessionOptions { Arena = false });
        string[] outputs = [.. session.Outputs.Where(o => o.ElementType == ElementType.Float32).Select(o => o.Name)];
        var values = new float[samples.Count][][];
        ParallelRuns.ForEach(samples.Count, workers, i =>
        {
            using var run = session.Run(samples[i].Inputs, outputs, cancellationToken);
            values[i] = [.. outputs.Select((_, o) => run.Span<float>(o).ToArray())];
        }, cancellationToken);
        return new OutputReference(outputs, values);
    }

    /// <summary>Each sample's part of Σ(f − q)² / Σf², summed over the outputs.</summary>
    /// <param name="first">The first sample.</param>
    /// <param name="count">Number of samples.</param>
    /// <param name="run">Runs the quantized model for a sample and gives the outputs in the order of <see cref="Outputs"/>.</param>
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
                errors[i] += power[o] > 0 ? SquaredDistance(values[first + i][o], outputs.Span<float>(o)) / power[o] : 0;
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
        using var session = new FloatSession(quantized, new FloatSessionOptions { Optimization = GraphOptimization.Basic, IntegerKernels = false, Arena = false });
        return ErrorsOf(0, values.Length, i => session.Run(samples[i].Inputs, Outputs, cancellationToken), workers, cancellationToken);
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

    private static double SquaredDistance(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        double sum = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = (double)expected[i] - actual[i];
            sum += difference * difference;
        }

        return sum;
    }

    private static double Squares(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += (double)value * value;
        }

        return sum;
    }
}
