using Octet.Data;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;

namespace Octet.Analysis;

/// <summary>Compares the outputs of models with those of one float model, which runs once.</summary>
internal sealed class OutputErrors : IDisposable
{
    private readonly IReadOnlyList<Sample> samples;
    private readonly FloatSession reference;
    private readonly SessionOutputs[] expected;

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
        expected = new SessionOutputs[samples.Count];
        ParallelRuns.ForEach(samples.Count, workers, i => expected[i] = reference.Run(samples[i].Inputs, Names, cancellationToken), cancellationToken);
    }

    /// <summary>The outputs that are compared: those of floats.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>−10·log₁₀ of the mean over the outputs of Σ(f−q)² / Σf², in dB.</summary>
    public static double Sqnr(IReadOnlyList<OutputNoise> noise) => -10 * Math.Log10(noise.Average(o => o.Ratio(centred: false)));

    /// <summary>The noise of each output of a model, which is run as it would ship.</summary>
    /// <param name="model">With the same inputs and outputs.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public OutputNoise[] Of(Model model, CancellationToken cancellationToken)
    {
        using var session = new FloatSession(model);
        OutputNoise[] noise = [.. Names.Select(_ => new OutputNoise())];
        for (int i = 0; i < samples.Count; i++)
        {
            using var actual = session.Run(samples[i].Inputs, Names, cancellationToken);
            for (int o = 0; o < Names.Count; o++)
            {
                noise[o].Add(expected[i].Span<float>(o), actual.Span<float>(o));
            }
        }

        return noise;
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
