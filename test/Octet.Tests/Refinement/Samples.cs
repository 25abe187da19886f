using Octet.Numerics;
using Octet.Refinement;

namespace Octet.Tests.Refinement;

/// <summary>Made-up layers: correlated activations after a rectifier, and weights of a bell shape.</summary>
internal static class Samples
{
    internal static QuantParams Input { get; } = new(QuantType.UInt8, 1f / 32, 0);

    /// <summary>[rows, k] non-negative values that neighbouring inputs share, exact multiples of the scale of <see cref="Input"/>.</summary>
    internal static float[] Correlated(int rows, int k, int seed)
    {
        var random = new Random(seed);
        var values = new float[rows * k];
        for (int r = 0; r < rows; r++)
        {
            double shared = Bell(random);
            for (int i = 0; i < k; i++)
            {
                shared = (0.9 * shared) + (0.4 * Bell(random));
                values[(r * k) + i] = Input.Dequantize(Input.Quantize((float)shared));
            }
        }

        return values;
    }

    internal static float[] Weights(int channels, int k, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, channels * k).Select(_ => (float)(0.1 * Bell(random)))];
    }

    internal static WeightProblem Problem(int channels, int k, int rows, int seed, bool perChannel = true) => new()
    {
        Layer = "layer",
        Weights = Weights(channels, k, seed),
        Channels = channels,
        K = k,
        Rows = Correlated(rows, k, seed + 1),
        RowCount = rows,
        Type = QuantType.Int8,
        PerChannel = perChannel,
        Input = Input,
    };

    /// <summary>Σ(Δy)² over the rows by plain loops.</summary>
    internal static double OutputError(WeightProblem problem, int[] quantized, float[] scales)
    {
        double error = 0;
        for (int r = 0; r < problem.RowCount; r++)
        {
            for (int c = 0; c < problem.Channels; c++)
            {
                double difference = 0;
                for (int k = 0; k < problem.K; k++)
                {
                    int index = (c * problem.K) + k;
                    difference += problem.Rows[(r * problem.K) + k] * (problem.Weights[index] - ((double)quantized[index] * scales[scales.Length == 1 ? 0 : c]));
                }

                error += difference * difference;
            }
        }

        return error;
    }

    private static double Bell(Random random) => Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6;
}
