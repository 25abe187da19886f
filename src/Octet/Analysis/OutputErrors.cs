using Octet.Data;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;

namespace Octet.Analysis;

/// <summary>
/// Compares the outputs of models with those of one float model, which runs once: outputs of floats, or, where there are none, those of integers, of
/// which each value is right or wrong.
/// </summary>
internal sealed class OutputErrors : IDisposable
{
    private readonly IReadOnlyList<Sample> samples;
    private readonly FloatSession reference;
    private readonly SessionOutputs[] expected;
    private readonly bool areFloats;

    /// <summary>Runs the float model.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="samples">At least one.</param>
    /// <param name="workers">Runs side by side, ≥ 1.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public OutputErrors(Model model, IReadOnlyList<Sample> samples, int workers, CancellationToken cancellationToken)
    {
        this.samples = samples;
        reference = new FloatSession(model);
        Names = [.. reference.Outputs.Where(o => o.ElementType == ElementType.Float32).Select(o => o.Name)];
        areFloats = Names.Count > 0;
        if (!areFloats)
        {
            Names = [.. reference.Outputs.Where(o => OutputValues.CanRead(o.ElementType)).Select(o => o.Name)];
        }

        expected = new SessionOutputs[Names.Count == 0 ? 0 : samples.Count];
        ParallelRuns.ForEach(expected.Length, workers, i => expected[i] = reference.Run(samples[i].Inputs, Names, cancellationToken), cancellationToken);
    }

    /// <summary>The outputs that are compared; none where no output holds numbers.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>−10·log₁₀ of the mean over the outputs of Σ(f−q)² / Σf², in dB; of integers, of the share of wrong values.</summary>
    public static double Sqnr(IReadOnlyList<OutputNoise> noise) => -10 * Math.Log10(NoiseRatio(noise, centred: false));

    /// <summary>The mean over the outputs of Σ(f−q)² / Σf²; 0 of none.</summary>
    /// <param name="noise">The noise of each output.</param>
    /// <param name="centred">Whether mean errors are left out.</param>
    public static double NoiseRatio(IReadOnlyList<OutputNoise> noise, bool centred) => noise.Count == 0 ? 0 : noise.Average(o => o.Ratio(centred));

    /// <summary>The noise of each output of a model, which is run as it would ship.</summary>
    /// <param name="model">With the same inputs and outputs.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public OutputNoise[] Of(Model model, CancellationToken cancellationToken)
    {
        using var session = new FloatSession(model);
        OutputNoise[] noise = [.. Names.Select(_ => new OutputNoise())];
        for (int i = 0; i < expected.Length; i++)
        {
            using var actual = session.Run(samples[i].Inputs, Names, cancellationToken);
            for (int o = 0; o < Names.Count; o++)
            {
                if (areFloats)
                {
                    noise[o].Add(expected[i].Span<float>(o), actual.Span<float>(o));
                }
                else
                {
                    AddRightOrWrong(noise[o], OutputValues.Of(expected[i], o).Values, OutputValues.Of(actual, o).Values);
                }
            }
        }

        return noise;
    }

    private static void AddRightOrWrong(OutputNoise noise, double[] expected, double[] actual)
    {
        var ones = new float[expected.Length];
        Array.Fill(ones, 1);
        noise.Add(ones, [.. expected.Select((v, i) => i < actual.Length && actual[i] == v ? 1f : 0)]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var output in expected)
        {
            output.Dispose();
        }

        reference.Dispose();
    }
}
