using System.Runtime.CompilerServices;
using Octet.Integers;
using Octet.Integers.Steps;

namespace Octet.Inference.Kernels;

/// <summary>
/// Convolutions of each channel alone, two vectors of channels at a time: the rows of the input that a row of outputs needs wait as shorts, less the zero point and with their padding; pairs of taps are
/// multiplied at once.
/// </summary>
internal sealed unsafe class DepthwiseKernel<T, TVector> : Kernel
    where T : ILanes<TVector>
    where TVector : unmanaged
{
    // Pairs of the two upper rows; of the lowest one the first pair is what the second was an output before.
    private static readonly int[] PlacesOfThree = [0, 2, 4, 1, 3, 5, 6, 7, 9];

    private readonly Planes from;
    private readonly Planes output;
    private readonly Window window;
    private readonly int zeroPoint;
    private readonly bool isThree;
    private readonly sbyte* x;
    private readonly sbyte* y;
    private readonly Requantizer requantizer;
    private readonly int strideX;
    private readonly int strideY;
    private readonly int pairs;
    private readonly int slots;
    private readonly int rowPixels;

    // Groups of channels × pairs of taps × both vectors of lanes that hold two weights.
    private readonly AlignedMemory<short> weights;
    private readonly AlignedMemory<int> biases;
    private readonly AlignedMemory<short> staged;
    private readonly AlignedMemory<int> sums;

    private DepthwiseKernel(ConvStep step, sbyte* x, sbyte* y)
    {
        from = step.From;
        output = step.To;
        window = step.Window;
        zeroPoint = step.X.Params!.ZeroPoint;
        this.x = x;
        this.y = y;
        strideX = new ChannelsLast(from).Stride;
        strideY = new ChannelsLast(output).Stride;
        requantizer = Requantizer.Of<T, TVector>(step.Requantize, (strideY + Group - 1) / Group * Group);
        isThree = window is { Height: 3, Width: 3, StrideX: 1, DilationX: 1 };
        pairs = (window.Taps + 1) / 2;
        slots = ((window.Height - 1) * window.DilationY) + 1;
        rowPixels = ((output.Width - 1) * window.StrideX) + ((window.Width - 1) * window.DilationX) + 1;
        staged = new AlignedMemory<short>(checked(slots * rowPixels * Group));
        sums = new AlignedMemory<int>(output.Width * Group);
        int groups = (strideY + Group - 1) / Group;
        weights = new AlignedMemory<short>(groups * pairs * Group * 2);
        biases = new AlignedMemory<int>(groups * Group);
        for (int c = 0; c < step.Weights.Rows; c++)
        {
            int zero = step.Weights.ZeroPointOf(c);
            short* to = weights.Start + (c / Group * pairs * Group * 2) + (c % Group * 2);
            for (int tap = 0; tap < window.Taps; tap++)
            {
                int place = isThree ? PlacesOfThree[tap] : tap;
                to[(place / 2 * Group * 2) + (place % 2)] = (short)(step.Weights.Row(c)[tap] - zero);
            }

            biases.Start[c] = step.Weights.BiasOf(c);
        }
    }

    private static int Group => 2 * T.Count;

    /// <summary>Prepares a step.</summary>
    /// <returns>False where it has no such form.</returns>
    public static bool TryAdd(ConvStep step, Placement placement)
    {
        if (step.Groups != step.From.Channels || step.Groups != step.To.Channels || step.Groups == 1)
        {
            return false;
        }

        placement.Add(new DepthwiseKernel<T, TVector>(step, placement.ReadChannelsLast(step.X), placement.WriteChannelsLast(step.Y)));
        return true;
    }

    /// <inheritdoc/>
    public override void Run()
    {
        short** taps = stackalloc short*[2 * pairs];
        for (int image = 0; image < output.Images; image++)
        {
            for (int channel = 0; channel < strideY; channel += Group)
            {
                int next = -window.Top;
                for (int oy = 0; oy < output.Height; oy++)
                {
                    int top = (oy * window.StrideY) - window.Top;
                    for (next = Math.Max(next, top); next < top + slots; next++)
                    {
                        Stage(image, next, channel, Slot(next));
                    }

                    for (int tap = 0; tap < 2 * pairs; tap++)
                    {
                        // The last of an odd number is its own neighbour, with a weight of 0.
                        int at = Math.Min(tap, window.Taps - 1);
                        taps[tap] = Slot(top + (at / window.Width * window.DilationY)) + (at % window.Width * window.DilationX * Group);
                    }

                    short* weight = weights.Start + (channel / Group * pairs * Group * 2);
                    if (isThree)
                    {
                        RowOfThree(taps[0], taps[3], taps[6], weight, biases.Start + channel);
                    }
                    else
                    {
                        Row(taps, weight, biases.Start + channel);
                    }

                    sbyte* to = y + ((((long)image * output.Area) + ((long)oy * output.Width)) * strideY) + channel;
                    requantizer.Run(sums.Start, Group, output.Width, Math.Min(Group, strideY - channel), channel, to, strideY);
                }
            }
        }
    }

    private short* Slot(int row) => staged.Start + ((row + window.Top) % slots * rowPixels * Group);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Row(short** taps, short* w, int* bias)
    {
        int right = window.StrideX * Group;
        int width = output.Width;
        int count = pairs;
        int* to = sums.Start;
        var biasLow = T.Load(bias);
        var biasHigh = T.Load(bias + T.Count);
        for (int ox = 0, at = 0; ox < width; ox++, at += right, to += Group)
        {
            var low = biasLow;
            var high = biasHigh;
            short* weight = w;
            for (int p = 0; p < count; p++, weight += 2 * Group)
            {
                var a = T.Load(taps[2 * p] + at);
                var b = T.Load(taps[(2 * p) + 1] + at);
                low = T.MultiplyAdd(low, T.PairLow(a, b), T.Load(weight));
                high = T.MultiplyAdd(high, T.PairHigh(a, b), T.Load(weight + Group));
            }

            T.Store(low, to);
            T.Store(high, to + T.Count);
        }
    }

    // Three rows of three: pairs of the upper two rows serve three outputs of a row, those of the lowest two.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RowOfThree(short* r0, short* r1, short* r2, short* w, int* bias)
    {
        int* to = sums.Start;
        int* end = to + (output.Width * Group);
        var biasLow = T.Load(bias);
        var biasHigh = T.Load(bias + T.Count);
        TVector w0 = T.Load(w), v0 = T.Load(w + Group), w1 = T.Load(w + (2 * Group)), v1 = T.Load(w + (3 * Group)), w2 = T.Load(w + (4 * Group)), v2 = T.Load(w + (5 * Group));
        TVector w3 = T.Load(w + (6 * Group)), v3 = T.Load(w + (7 * Group)), w4 = T.Load(w + (8 * Group)), v4 = T.Load(w + (9 * Group));
        TVector a = T.Load(r0), b = T.Load(r1), c = T.Load(r2);
        TVector p0 = T.PairLow(a, b), q0 = T.PairHigh(a, b);
        a = T.Load(r0 + Group);
        b = T.Load(r1 + Group);
        var d = T.Load(r2 + Group);
        TVector p1 = T.PairLow(a, b), q1 = T.PairHigh(a, b), s0 = T.PairLow(c, d), t0 = T.PairHigh(c, d);
        for (r0 += 2 * Group, r1 += 2 * Group, r2 += 2 * Group; to < end; to += Group, r0 += Group, r1 += Group, r2 += Group)
        {
            a = T.Load(r0);
            b = T.Load(r1);
            c = T.Load(r2);
            var p2 = T.PairLow(a, b);
            var q2 = T.PairHigh(a, b);
            var s1 = T.PairLow(d, c);
            var t1 = T.PairHigh(d, c);
            d = c;
            T.Store(T.MultiplyAdd(T.MultiplyAdd(T.MultiplyAdd(T.MultiplyAdd(T.MultiplyAdd(biasLow, p0, w0), p1, w1), p2, w2), s0, w3), s1, w4), to);
            T.Store(T.MultiplyAdd(T.MultiplyAdd(T.MultiplyAdd(T.MultiplyAdd(T.MultiplyAdd(biasHigh, q0, v0), q1, v1), q2, v2), t0, v3), t1, v4), to + T.Count);
            (p0, q0, p1, q1, s0, t0) = (p1, q1, p2, q2, s1, t1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Stage(int image, int row, int channel, short* to)
    {
        if ((uint)row >= (uint)from.Height)
        {
            new Span<short>(to, rowPixels * Group).Clear();
            return;
        }

        var zero = T.Create((zeroPoint << 16) | (zeroPoint & 0xFFFF));
        int left = Math.Clamp(window.Left, 0, rowPixels);
        int end = Math.Clamp(window.Left + from.Width, left, rowPixels);
        new Span<short>(to, left * Group).Clear();
        sbyte* at = x + (((((long)image * from.Height) + row) * from.Width) + Math.Max(-window.Left, 0)) * strideX + channel;
        for (int i = left; i < end; i++, at += strideX)
        {
            T.Store(T.SubtractShorts(T.WidenForPairs(at), zero), to + (i * Group));
        }

        new Span<short>(to + (end * Group), (rowPixels - end) * Group).Clear();
    }
}
