using Octet.Data;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;

namespace Octet.Analysis;

/// <summary>
/// What quantization costs each part of the outputs, for outputs whose parts are of unlike size: errors of scores vanish beside those of coordinates, unless each part is
/// measured against itself.
/// </summary>
internal static class PartErrors
{
    /// <summary>
    /// The mean over the outputs of the mean over their parts, the indices along axis 1 and along the last axis, of min(1, Σ(f−q)² / Σf²); 0 where there is nothing to measure.
    /// </summary>
    /// <param name="reference">The float model.</param>
    /// <param name="model">The quantized one, with the same outputs.</param>
    /// <param name="samples">At least one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static double Measure(Model reference, Model model, IReadOnlyList<Sample> samples, CancellationToken cancellationToken)
    {
        using var exact = new FloatSession(reference, new FloatSessionOptions { Arena = false });
        using var tested = new FloatSession(model, new FloatSessionOptions { IntegerKernels = false, Arena = false });
        string[] outputs = [.. exact.Outputs.Where(o => o.ElementType == ElementType.Float32).Select(o => o.Name)];
        if (outputs.Length == 0)
        {
            return 0;
        }

        (Parts First, Parts Last)[] seen = [.. outputs.Select(_ => (new Parts(), new Parts()))];
        foreach (var sample in samples)
        {
            using var expected = exact.Run(sample.Inputs, outputs, cancellationToken);
            using var actual = tested.Run(sample.Inputs, outputs, cancellationToken);
            for (int o = 0; o < outputs.Length; o++)
            {
                var shape = expected.ShapeOf(o);
                if (actual.ShapeOf(o) == shape)
                {
                    seen[o].First.Add(expected.Span<float>(o), actual.Span<float>(o), shape, Math.Min(1, shape.Rank - 1));
                    seen[o].Last.Add(expected.Span<float>(o), actual.Span<float>(o), shape, shape.Rank - 1);
                }
            }
        }

        return seen.Average(s => (s.First.Mean + s.Last.Mean) / 2);
    }

    private sealed class Parts
    {
        private (double Signal, double Noise)[] parts = [];

        public double Mean => parts.Where(p => p.Signal > 0).Select(p => Math.Min(1, p.Noise / p.Signal)).DefaultIfEmpty().Average();

        public void Add(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, Shape shape, int axis)
        {
            int count = shape.Rank == 0 ? 1 : (int)shape[axis];
            int inner = shape.Rank == 0 ? 1 : (int)shape.CountAfter(axis);
            if (parts.Length < count)
            {
                Array.Resize(ref parts, count);
            }

            for (int i = 0; i < expected.Length; i++)
            {
                double error = (double)expected[i] - actual[i];
                ref var part = ref parts[i / inner % count];
                part = (part.Signal + ((double)expected[i] * expected[i]), part.Noise + (error * error));
            }
        }
    }
}
