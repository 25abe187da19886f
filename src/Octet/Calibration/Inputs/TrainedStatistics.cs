using Octet.Data;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;

namespace Octet.Calibration.Inputs;

/// <summary>
/// What a model's first batch normalization remembers of its training (Ioffe and Szegedy 2015: running mean and variance of the values
/// that reach it), compared with the values that reach it with samples. Only where it stands near the input, so that its layers cost
/// little. May be fed by several threads at once; the result depends on the samples only.
/// </summary>
internal sealed class TrainedStatistics : IDisposable
{
    private const int SamplesEnough = 8;
    private const int MostNodesBefore = 12;
    private const double SmallestShare = 1e-3;

    private readonly Lock gate = new();
    private readonly FloatSession session;
    private readonly string layer;
    private readonly float[] mean;
    private readonly float[] variance;
    private readonly double epsilon;
    private readonly SortedDictionary<int, Moments> seen = [];

    private TrainedStatistics(FloatSession session, Node normalization, float[] mean, float[] variance)
    {
        this.session = session;
        layer = normalization.DisplayName;
        this.mean = mean;
        this.variance = variance;
        epsilon = normalization.GetFloat("epsilon", 1e-5f);
    }

    /// <summary>Finds the statistics of a model; null where it has none near its input, or they are those before any training.</summary>
    internal static TrainedStatistics? Of(Model model)
    {
        var first = model.Graph.Nodes.FirstOrDefault(n => n.Is("BatchNormalization"));
        if (first?.Input(0) is not { } data || first.Input(3)?.Constant is not { } mean || first.Input(4)?.Constant is not { } variance
            || mean.Type != ElementType.Float32 || variance.Type != ElementType.Float32 || mean.Count != variance.Count || !IsNearInput(data))
        {
            return null;
        }

        var (means, variances) = (mean.ToFloats(), variance.ToFloats());
        bool isUntrained = means.All(m => m == 0) && variances.All(v => v == 1);
        if (isUntrained || !variances.All(v => float.IsFinite(v) && v >= 0))
        {
            return null;
        }

        try
        {
            return new TrainedStatistics(ObservedSession.Open(model, [data.Name], arena: false), first, means, variances);
        }
        catch (OctetException)
        {
            // What the runtime refuses here it refuses in the sweep, too, where it is reported.
            return null;
        }
    }

    /// <summary>Runs one of the first samples through the layers before the normalization.</summary>
    internal void Offer(Sample sample)
    {
        if (sample.Index >= SamplesEnough)
        {
            return;
        }

        try
        {
            using var results = session.Run(sample.Inputs);
            var shape = results.ShapeOf(0);
            if (results.IsFloat(0) && shape.Rank >= 2 && shape[1] == mean.Length)
            {
                var moments = Moments.Of(results.Span<float>(0), (int)shape[0], mean.Length);
                lock (gate)
                {
                    seen[sample.Index] = moments;
                }
            }
        }
        catch (OctetException)
        {
            // Reported by the sweep, as above.
        }
    }

    /// <summary>How the samples seen so far differ from the training; null where nothing can be said.</summary>
    internal TrainingDeviation? Compare()
    {
        lock (gate)
        {
            if (seen.Count == 0)
            {
                return null;
            }

            double largest = variance.Max();
            var ratios = new List<double>();
            var shifts = new List<double>();
            for (int c = 0; c < mean.Length; c++)
            {
                // A channel that was still in training says nothing.
                if (variance[c] > largest * SmallestShare)
                {
                    double count = seen.Values.Sum(m => m.Count);
                    double average = seen.Values.Sum(m => m.Sums[c]) / count;
                    double spread = Math.Max(seen.Values.Sum(m => m.Squares[c]) / count - average * average, 0);
                    ratios.Add(Math.Sqrt((spread + epsilon) / (variance[c] + epsilon)));
                    shifts.Add(Math.Abs(average - mean[c]) / Math.Sqrt(variance[c] + epsilon));
                }
            }

            return ratios.Count == 0 ? null : new TrainingDeviation(layer, Median(ratios), Median(shifts));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();

    private static bool IsNearInput(Value data)
    {
        var before = new HashSet<Node>();
        var open = new Stack<Value>([data]);
        bool reachesInput = false;
        while (open.TryPop(out var value))
        {
            reachesInput |= value.IsInput && value.Constant is null;
            if (value.Producer is { } node && before.Add(node))
            {
                if (before.Count > MostNodesBefore || node.Subgraphs.Any())
                {
                    return false;
                }

                foreach (var input in node.Inputs.OfType<Value>())
                {
                    open.Push(input);
                }
            }
        }

        return reachesInput;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    /// <summary>Sums over one sample, by channel.</summary>
    private sealed record Moments(double Count, double[] Sums, double[] Squares)
    {
        internal static Moments Of(ReadOnlySpan<float> values, int batch, int channels)
        {
            int inner = values.Length / Math.Max(1, batch * channels);
            var (sums, squares) = (new double[channels], new double[channels]);
            for (int i = 0; i < batch * channels; i++)
            {
                double sum = 0;
                double square = 0;
                foreach (float value in values.Slice(i * inner, inner))
                {
                    sum += value;
                    square += (double)value * value;
                }

                sums[i % channels] += sum;
                squares[i % channels] += square;
            }

            return new Moments((double)batch * inner, sums, squares);
        }
    }
}
