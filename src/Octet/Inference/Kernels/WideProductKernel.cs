using System.Runtime.CompilerServices;
using Octet.Integers;
using Octet.Integers.Steps;
using Octet.Numerics.Rescaling;

namespace Octet.Inference.Kernels;

/// <summary>
/// Products of rows with constant weights of 8 bits where inputs or outputs have 16. Two products of 16 and 9 bits never leave 32 bits. Sums whose bound lies within 32 bits are formed
/// in these, and what they pass on the way may wrap around; longer ones are formed of parts that fit, and added up in 64 bits.
/// </summary>
internal sealed unsafe class WideProductKernel<T, TVector> : Kernel
    where T : ILanes<TVector>
    where TVector : unmanaged
{
    private const int BlockShorts = 8192;
    private const int MostTiles = 8;

    // 32,768 times this is the most that fits 32 bits.
    private const int MostWeights = 65535;

    private readonly WideRows rows;
    private readonly int count;
    private readonly int outputs;
    private readonly Group[] groups;
    private readonly Requantize requantize;
    private readonly sbyte* y;
    private readonly bool isWide;

    // Where the outputs of row p and channel n of a group lie: (p / area) · imageStep + (p % area) · rowStep + n · channelStep.
    private readonly (int Area, int ImageStep, int RowStep, int ChannelStep) layout;
    private readonly int block;
    private readonly AlignedMemory<short> staged;
    private readonly AlignedMemory<int> sums;
    private readonly long[] totals;

    private WideProductKernel(
        WideRows rows, int count, IntegerWeights weights, int groupCount, Func<int, int> place, IntegerBuffer x, IntegerBuffer y, Requantize requantize, sbyte* target, (int Area, int ImageStep, int RowStep, int ChannelStep) layout)
    {
        this.rows = rows;
        this.count = count;
        this.requantize = requantize;
        this.layout = layout;
        this.y = target;
        isWide = y.IsWide;
        outputs = weights.Rows / groupCount;
        groups = [.. Enumerable.Range(0, groupCount).Select(g => GroupOf(weights, g))];
        int tile = ProductTile.RowsFor<T, TVector>();
        block = Math.Clamp(BlockShorts / Math.Max(rows.Length, 1) / tile, 1, MostTiles) * tile;
        staged = new AlignedMemory<short>((block + tile) * rows.Length);
        sums = new AlignedMemory<int>(tile * 2 * T.Count);
        totals = new long[tile * 2 * T.Count];

        Group GroupOf(IntegerWeights all, int group)
        {
            int first = group * outputs;
            long[] biases = [.. Enumerable.Range(first, outputs).Select(n => BiasOf(all, n, x.Params!.ZeroPoint))];
            bool isShort = Enumerable.Range(first, outputs).All(n => all.Bound(n, x.Params!) <= int.MaxValue);
            int panelled = (outputs + (2 * T.Count) - 1) / (2 * T.Count) * 2 * T.Count;
            int[] ends = isShort ? [rows.Depth] : Ends(all, first);
            var parts = ends.Select((end, i) => (Start: i == 0 ? 0 : ends[i - 1], End: end)).Select(part => (part.Start, Packed(all, first, part.Start, part.End, isShort ? biases : null))).ToArray();
            return new Group(first, parts, biases, isShort ? WideRequantizer.Of<T, TVector>(requantize, first, panelled) : null);
        }

        PackedWeights Packed(IntegerWeights all, int first, int start, int end, long[]? biases)
        {
            var packed = new PackedWeights(outputs, end - start, T.Count);
            for (int n = 0; n < outputs; n++)
            {
                int zero = all.ZeroPointOf(first + n);
                var row = all.Row(first + n);
                for (int k = start; k < end; k++)
                {
                    packed.Set(n, k - start, (short)(row[place(k)] - zero));
                }

                // Of a sum that wraps around the lower bits count.
                packed.SetBias(n, biases is null ? 0 : unchecked((int)biases[n]));
            }

            return packed;
        }

        // Even, since two products go together.
        int[] Ends(IntegerWeights all, int first)
        {
            var ends = new List<int>();
            var used = new int[outputs];
            for (int k = 0; k < rows.Depth; k += 2)
            {
                int[] more = [.. Enumerable.Range(0, outputs).Select(n => Magnitude(n, k) + Magnitude(n, k + 1))];
                if (used.Zip(more).Any(u => u.First + u.Second > MostWeights))
                {
                    ends.Add(k);
                    Array.Clear(used);
                }

                used = [.. used.Zip(more, (a, b) => a + b)];
            }

            ends.Add(rows.Depth);
            return [.. ends];

            int Magnitude(int n, int k) => k < rows.Depth ? Math.Abs(all.Row(first + n)[place(k)] - all.ZeroPointOf(first + n)) : 0;
        }
    }

    /// <summary>Prepares a step.</summary>
    /// <returns>False where it has no such form.</returns>
    public static bool TryAdd(ConvStep step, Placement placement)
    {
        var window = step.Window;
        if (step.ChannelsLast || window.IsSpread || window.Top < 0 || window.Left < 0 || !WideWindowRows.Fits(step))
        {
            return false;
        }

        // The weights of a channel lie together, here those of a tap do.
        int channels = step.From.Channels / step.Groups;
        var rows = new WideWindowRows(step, placement.ReadPlanar(step.X));
        int area = step.To.Area;
        placement.Add(new WideProductKernel<T, TVector>(
            rows, step.To.Images * area, step.Weights, step.Groups, k => (k % channels * window.Taps) + (k / channels), step.X, step.Y, step.Requantize, placement.WritePlanar(step.Y), (area, step.To.Channels * area, 1, area)));
        return true;
    }

    /// <summary>Prepares a step.</summary>
    public static void Add(DenseStep step, Placement placement)
    {
        var rows = new WideMatrixRows(placement.ReadPlanar(step.X), step.X.IsWide, step.Weights.Inner);
        placement.Add(new WideProductKernel<T, TVector>(
            rows, step.RowCount, step.Weights, 1, k => k, step.X, step.Y, step.Requantize, placement.WritePlanar(step.Y), (step.RowCount, 0, step.Weights.Rows, 1)));
    }

    /// <inheritdoc/>
    public override void Run()
    {
        rows.Begin();
        int tile = ProductTile.RowsFor<T, TVector>();
        int width = 2 * T.Count;
        foreach (var group in groups)
        {
            for (int first = 0; first < count; first += block)
            {
                int height = Math.Min(block, count - first);
                rows.Stage(group.First / outputs, first, height, staged.Start);
                for (int column = 0; column < outputs; column += width)
                {
                    int columns = Math.Min(width, outputs - column);
                    for (int r = 0; r < height; r += tile)
                    {
                        int some = Math.Min(tile, height - r);
                        Sum(group, column / width, columns, staged.Start + (r * rows.Length), some);
                        Write(group.First + column, columns, first + r, some);
                    }
                }
            }
        }
    }

    // The quantized outputs of a tile, in the place of its sums.
    private void Sum(Group group, int panel, int columns, short* x, int some)
    {
        int width = 2 * T.Count;
        if (group.Requantizer is { } requantizer)
        {
            ProductTile.Run<T, TVector>(x, rows.Length, some, group.Parts[0].Weights, panel, columns, sums.Start);
            requantizer.Run(sums.Start, width, some, columns, panel * width);
            return;
        }

        for (int i = 0; i < some * width; i++)
        {
            totals[i] = i % width < columns ? group.Biases[(panel * width) + (i % width)] : 0;
        }

        foreach (var (start, weights) in group.Parts)
        {
            ProductTile.Run<T, TVector>(x + start, rows.Length, some, weights, panel, columns, sums.Start);
            for (int i = 0; i < some * width; i++)
            {
                totals[i] += sums.Start[i];
            }
        }

        for (int r = 0; r < some; r++)
        {
            for (int n = 0; n < columns; n++)
            {
                sums.Start[(r * width) + n] = requantize.Apply(totals[(r * width) + n], group.First + (panel * width) + n);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Write(int channel, int columns, int first, int some)
    {
        int width = 2 * T.Count;
        long* at = stackalloc long[ProductTile.MostRows];
        for (int r = 0; r < some; r++)
        {
            at[r] = ((long)((first + r) / layout.Area) * layout.ImageStep) + ((long)((first + r) % layout.Area) * layout.RowStep);
        }

        for (int n = 0; n < columns; n++)
        {
            long offset = (long)(channel + n) * layout.ChannelStep;
            int* from = sums.Start + n;
            for (int r = 0; r < some; r++, from += width)
            {
                if (isWide)
                {
                    ((short*)y)[offset + at[r]] = (short)*from;
                }
                else
                {
                    y[offset + at[r]] = (sbyte)*from;
                }
            }
        }
    }

    // Σ (x − zero)w + bias = Σ x·w + (bias − zero · Σ w).
    private static long BiasOf(IntegerWeights weights, int row, int zero)
    {
        long sum = 0;
        foreach (sbyte w in weights.Row(row))
        {
            sum += w - weights.ZeroPointOf(row);
        }

        return weights.BiasOf(row) - (zero * sum);
    }

    /// <summary>A group of output channels.</summary>
    /// <param name="First">Its first.</param>
    /// <param name="Parts">Weights of inputs that go together, from the input that they begin with on.</param>
    /// <param name="Biases">What sums begin with.</param>
    /// <param name="Requantizer">Of sums of 32 bits; null for longer ones.</param>
    private sealed record Group(int First, (int Start, PackedWeights Weights)[] Parts, long[] Biases, WideRequantizer? Requantizer);
}
