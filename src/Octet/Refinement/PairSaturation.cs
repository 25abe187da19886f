using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Octet.Numerics;

namespace Octet.Refinement;

/// <summary>
/// Predicts where uint8 × int8 kernels without VNNI saturate: they add the products of neighbouring inputs 2j and 2j + 1 in 16 bits
/// (<c>vpmaddubsw</c>), with activations as stored, zero point included. Later sums are exact, and an odd last input stands alone, within range.
/// ONNX Runtime on a processor without VNNI behaves exactly so for every convolution but depthwise ones and for every matrix product.
/// </summary>
public sealed class PairSaturation
{
    private readonly int[] pairs;
    private readonly int[] greatest;
    private readonly int rowCount;

    /// <summary>Stores the sampled inputs as the processor will see them.</summary>
    /// <param name="rows">[rows, <paramref name="k"/>] real values; padding is 0.</param>
    /// <param name="k">Inputs of one output value, ≥ 1.</param>
    /// <param name="input">Per-tensor uint8 parameters of the activations.</param>
    /// <param name="margin">Share by which every stored value is raised, at most to 255, to allow for inputs that the sample lacks; ≥ 0.</param>
    /// <exception cref="ArgumentException">The rows are not whole, or the activations are not uint8 per tensor.</exception>
    public PairSaturation(ReadOnlySpan<float> rows, int k, QuantParams input, double margin = 0)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        if (rows.Length % k != 0 || input.Type != QuantType.UInt8 || input.Axis is not null)
        {
            throw new ArgumentException($"Pair sums need whole rows of {k} values of per-tensor uint8, not {rows.Length} values of {input.Type}.", nameof(rows));
        }

        var stored = new int[256];
        for (int x = 0; x < stored.Length; x++)
        {
            stored[x] = (int)Math.Min(255, Math.Ceiling(x * (1 + margin)));
        }

        rowCount = rows.Length / k;
        PairCount = k / 2;
        pairs = new int[PairCount * rowCount];
        greatest = new int[PairCount * 2];
        float scale = input.Scale;
        for (int r = 0; r < rowCount; r++)
        {
            var row = rows.Slice(r * k, k);
            for (int j = 0; j < PairCount; j++)
            {
                int left = stored[Stored(row[2 * j], scale, input.ZeroPoint)];
                int right = stored[Stored(row[(2 * j) + 1], scale, input.ZeroPoint)];
                pairs[(j * rowCount) + r] = left | (right << 16);
                greatest[2 * j] = Math.Max(greatest[2 * j], left);
                greatest[(2 * j) + 1] = Math.Max(greatest[(2 * j) + 1], right);
            }
        }
    }

    /// <summary>Number of pairs: half the inputs, rounded down.</summary>
    public int PairCount { get; }

    /// <summary>Number of pair sums beyond 16 bits, over all rows, of one channel.</summary>
    /// <param name="weights">K int8 values of the channel.</param>
    public long Count(ReadOnlySpan<int> weights)
    {
        long count = 0;
        for (int j = 0; j < PairCount; j++)
        {
            int left = weights[2 * j];
            int right = weights[(2 * j) + 1];
            if (MaySaturate(j, left, right))
            {
                count += CountPair(j, left, right);
            }
        }

        return count;
    }

    /// <summary>Least and greatest sum of one pair over all rows, 0 where there are none.</summary>
    internal (int Least, int Greatest) Range(int pair, int left, int right)
    {
        if (rowCount == 0)
        {
            return (0, 0);
        }

        var rows = pairs.AsSpan(pair * rowCount, rowCount);
        var vectors = MemoryMarshal.Cast<int, Vector256<int>>(rows);
        int least = int.MaxValue;
        int most = int.MinValue;
        if (vectors.Length > 0)
        {
            var low = Vector256.Create(least);
            var high = Vector256.Create(most);
            foreach (var vector in vectors)
            {
                var sum = Sum(vector, left, right);
                low = Vector256.Min(low, sum);
                high = Vector256.Max(high, sum);
            }

            for (int i = 0; i < Vector256<int>.Count; i++)
            {
                least = Math.Min(least, low[i]);
                most = Math.Max(most, high[i]);
            }
        }

        foreach (int row in rows[(vectors.Length * Vector256<int>.Count)..])
        {
            int sum = Sum(row, left, right);
            least = Math.Min(least, sum);
            most = Math.Max(most, sum);
        }

        return (least, most);
    }

    /// <summary>False where no sum of values up to the greatest of each input leaves 16 bits.</summary>
    internal bool MaySaturate(int pair, int left, int right)
    {
        int byLeft = greatest[2 * pair] * left;
        int byRight = greatest[(2 * pair) + 1] * right;
        return Math.Max(byLeft, 0) + Math.Max(byRight, 0) > short.MaxValue || Math.Min(byLeft, 0) + Math.Min(byRight, 0) < short.MinValue;
    }

    private static int Stored(float real, float scale, int zeroPoint)
        => (int)Math.Clamp(MathF.Round(real / scale, MidpointRounding.ToEven) + zeroPoint, 0, 255);

    private static int Sum(int row, int left, int right) => ((row & 0xFFFF) * left) + ((row >> 16) * right);

    private static Vector256<int> Sum(Vector256<int> rows, int left, int right)
        => ((rows & Vector256.Create(0xFFFF)) * left) + (Vector256.ShiftRightLogical(rows, 16) * right);

    private long CountPair(int pair, int left, int right)
    {
        var rows = pairs.AsSpan(pair * rowCount, rowCount);
        var vectors = MemoryMarshal.Cast<int, Vector256<int>>(rows);
        var most = Vector256.Create((int)short.MaxValue);
        var least = Vector256.Create((int)short.MinValue);
        var negatives = Vector256<int>.Zero;
        foreach (var vector in vectors)
        {
            var sum = Sum(vector, left, right);
            negatives += Vector256.GreaterThan(sum, most) | Vector256.LessThan(sum, least);
        }

        long count = -Vector256.Sum(negatives);
        foreach (int row in rows[(vectors.Length * Vector256<int>.Count)..])
        {
            int sum = Sum(row, left, right);
            count += sum is > short.MaxValue or < short.MinValue ? 1 : 0;
        }

        return count;
    }
}
