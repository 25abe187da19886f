using Octet.Data;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;
using Octet.Operators;
using Octet.Planning;

namespace Octet.Analysis;

/// <summary>
/// Looks for parts of the outputs that quantization took away: parts that are far smaller than others of their output (<see cref="RangeGap"/>), as scores beside
/// coordinates are, and of whose values hardly any step is left; and whole outputs that stand still. Measured on the model as it ships, whatever made the loss.
/// </summary>
public static class LostParts
{
    // Fewer values may stand still by chance.
    private const int LeastValues = 16;

    /// <summary>Runs both models.</summary>
    /// <param name="reference">The float model.</param>
    /// <param name="model">The quantized one, with the same outputs.</param>
    /// <param name="bits">Bits of a quantized activation.</param>
    /// <param name="samples">At least one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>A sentence for every part that is lost.</returns>
    public static IReadOnlyList<string> Find(Model reference, Model model, int bits, IReadOnlyList<Sample> samples, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        using var exact = new FloatSession(reference, new FloatSessionOptions { Arena = false });
        using var tested = new FloatSession(model, new FloatSessionOptions { Arena = false });
        string[] outputs = [.. exact.Outputs.Where(o => o.ElementType == ElementType.Float32).Select(o => o.Name)];
        if (outputs.Length == 0)
        {
            return [];
        }

        (Extents First, Extents Last)[] seen = [.. outputs.Select(_ => (new Extents(), new Extents()))];
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

        double ratio = RangeGap.MostRatio(bits);
        return [.. outputs.SelectMany((name, o) =>
        {
            bool comparable = !IsShare(reference.Graph.Find(name)!);
            return new[] { seen[o].First.Lost(name, ratio, comparable), seen[o].Last.Lost(name, ratio, comparable) }.OfType<string>().Take(1);
        })];
    }

    // Of probabilities, the smallest are no less exact for being beside large ones: they come from values of one size.
    private static bool IsShare(Value output)
    {
        var value = output;
        while (value.Producer is { } producer && OperatorCatalog.RoleOf(producer) is OperatorRole.PassThrough && producer.Inputs[0] is { } before)
        {
            value = before;
        }

        return value.Producer is { } last && OperatorCatalog.RoleOf(last) is OperatorRole.FixedRange;
    }

    /// <summary>The extremes of the parts of one output along one axis, and what they became.</summary>
    private sealed class Extents
    {
        private Part[] parts = [];

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
                parts[i / inner % count].Add(expected[i], actual[i]);
            }
        }

        public string? Lost(string output, double ratio, bool comparable)
        {
            var whole = default(Part);
            foreach (ref readonly var part in parts.AsSpan())
            {
                whole.Merge(part);
            }

            if (whole.Count >= LeastValues && whole.IsStill(ratio))
            {
                return FormattableString.Invariant($"output \"{output}\" stands still: its values lie from {whole.Low:G3} to {whole.High:G3} in the float model");
            }

            if (!comparable)
            {
                return null;
            }

            var smaller = RangeGap.Of(parts.Select(p => p.Bound), ratio)?.Smaller;
            Part[] small = [.. parts.Where(p => p.Bound > 0 && p.Bound <= smaller)];
            var largest = small.OrderByDescending(p => p.Bound).FirstOrDefault();
            return small.Length > 0 && largest.Count > 1 && (largest.IsStill(ratio) || largest.IsCoarse(ratio))
                ? FormattableString.Invariant($"output \"{output}\" lost {small.Length} of its {parts.Length} parts, whose values lie from {largest.Low:G3} to {largest.High:G3} beside others up to {whole.Bound:G3}")
                : null;
        }
    }

    private struct Part
    {
        private float quantizedLow;
        private float quantizedHigh;
        private double noise;

        public long Count { get; private set; }

        public float Low { get; private set; }

        public float High { get; private set; }

        public readonly float Bound => Math.Max(-Low, High);

        /// <summary>Whether the values move, and the quantized ones do not, or by next to nothing.</summary>
        public readonly bool IsStill(double ratio) => High - Low > Bound / ratio && quantizedHigh - quantizedLow < (High - Low) / ratio;

        /// <summary>Whether the error is that of steps of which hardly any (√ratio: 4 for 8 bits) reach the largest value: a step of s makes an error of s/√12.</summary>
        public readonly bool IsCoarse(double ratio) => Math.Sqrt(12 * noise / Count) > Bound / Math.Sqrt(ratio);

        public void Add(float expected, float actual)
        {
            if (!float.IsFinite(expected) || !float.IsFinite(actual))
            {
                return;
            }

            double error = (double)expected - actual;
            Merge(new Part { Count = 1, Low = expected, High = expected, quantizedLow = actual, quantizedHigh = actual, noise = error * error });
        }

        public void Merge(in Part other)
        {
            if (other.Count == 0)
            {
                return;
            }

            (Low, High, quantizedLow, quantizedHigh) = Count == 0
                ? (other.Low, other.High, other.quantizedLow, other.quantizedHigh)
                : (Math.Min(Low, other.Low), Math.Max(High, other.High), Math.Min(quantizedLow, other.quantizedLow), Math.Max(quantizedHigh, other.quantizedHigh));
            noise += other.noise;
            Count += other.Count;
        }
    }
}
