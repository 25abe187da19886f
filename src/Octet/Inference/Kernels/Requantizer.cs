using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Octet.Numerics.Rescaling;

namespace Octet.Inference.Kernels;

/// <summary>Turns rows of sums, a column a channel, into quantized values.</summary>
internal abstract unsafe class Requantizer
{
    /// <summary>Makes the vectorised code of a family; the scalar code where there is none.</summary>
    /// <param name="requantize">What the values become.</param>
    /// <param name="channels">Columns.</param>
    /// <param name="factor">The factor of all columns; null for one a column.</param>
    public static Requantizer Of<T, TVector>(Requantize requantize, int channels, int? factor = null)
        where T : ILanes<TVector>
        where TVector : unmanaged
        => requantize.Rescale switch
        {
            FloatRescale => Requantizer<T, TVector, FloatRequantization<T, TVector>>.Create(requantize, channels, factor),
            ShiftRescale => Requantizer<T, TVector, ShiftRequantization<T, TVector>>.Create(requantize, channels, factor),
            ProductShiftRescale => Requantizer<T, TVector, ProductShiftRequantization<T, TVector>>.Create(requantize, channels, factor),
            MultiplierRescale { Rounding: MultiplierRounding.Single } => Requantizer<T, TVector, SingleRequantization<T, TVector>>.Create(requantize, channels, factor),
            MultiplierRescale => Requantizer<T, TVector, DoubleRequantization<T, TVector>>.Create(requantize, channels, factor),
            _ => null,
        } ?? new ScalarRequantizer(requantize, factor);

    /// <summary>Requantizes.</summary>
    /// <param name="sums">The first sum; whole vectors are read.</param>
    /// <param name="sumStride">Sums from one row to the next.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Columns, of which no byte more is written.</param>
    /// <param name="channel">The channel of the first column, a multiple of 16.</param>
    /// <param name="y">Where to.</param>
    /// <param name="stride">Bytes from one row to the next.</param>
    public abstract void Run(int* sums, int sumStride, int rows, int columns, int channel, sbyte* y, nint stride);

    private sealed class ScalarRequantizer(Requantize requantize, int? factor) : Requantizer
    {
        public override void Run(int* sums, int sumStride, int rows, int columns, int channel, sbyte* y, nint stride)
        {
            int last = requantize.Rescale.Count - 1;
            for (int r = 0; r < rows; r++)
            {
                for (int c = 0; c < columns; c++)
                {
                    y[(r * stride) + c] = (sbyte)requantize.Apply(sums[(r * sumStride) + c], factor ?? Math.Min(channel + c, last));
                }
            }
        }
    }
}

/// <summary>The code of one family and one instruction set.</summary>
internal sealed unsafe class Requantizer<T, TVector, TFamily> : Requantizer
    where T : ILanes<TVector>
    where TVector : unmanaged
    where TFamily : IRequantization<TVector>
{
    // Vectors of channels × parameters × lanes.
    private readonly AlignedMemory<int> parameters;
    private readonly Requantize requantize;

    private Requantizer(AlignedMemory<int> parameters, Requantize requantize)
    {
        this.parameters = parameters;
        this.requantize = requantize;
    }

    /// <summary>Prepares it; null where the code cannot express a factor.</summary>
    public static Requantizer? Create(Requantize requantize, int channels, int? factor)
    {
        int filled = (channels + (2 * T.Count) - 1) / (2 * T.Count) * 2 * T.Count;
        return Parameters(requantize, filled, 0, factor) is { } parameters ? new Requantizer<T, TVector, TFamily>(parameters, requantize) : null;
    }

    /// <summary>The parameters of columns as vectors: of columns × parameters × lanes; null where the code cannot express a factor.</summary>
    /// <param name="requantize">What the values become.</param>
    /// <param name="columns">Columns, a multiple of two vectors; those beyond the last channel hold nothing that counts.</param>
    /// <param name="first">The channel of column 0.</param>
    /// <param name="factor">The factor of all columns; null for one a column.</param>
    public static AlignedMemory<int>? Parameters(Requantize requantize, int columns, int first, int? factor)
    {
        var memory = new AlignedMemory<int>(columns * TFamily.Width);
        Span<int> one = stackalloc int[TFamily.Width];
        for (int c = 0; c < columns; c++)
        {
            if (!TFamily.Prepare(requantize, factor ?? Math.Min(first + c, requantize.Rescale.Count - 1), one))
            {
                return null;
            }

            for (int p = 0; p < one.Length; p++)
            {
                memory.Span[(((c / T.Count * TFamily.Width) + p) * T.Count) + (c % T.Count)] = one[p];
            }
        }

        return memory;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(int* sums, int sumStride, int rows, int columns, int channel, sbyte* y, nint stride)
    {
        var output = OutputBounds<TVector>.Of<T>(requantize.ZeroPoint, requantize.Min, requantize.Max);
        int* left = parameters.Start + (channel * TFamily.Width);
        int* right = left + (T.Count * TFamily.Width);
        int c = 0;
        for (; c <= columns - (2 * T.Count); c += 2 * T.Count, left += 2 * T.Count * TFamily.Width, right += 2 * T.Count * TFamily.Width)
        {
            int* from = sums + c;
            sbyte* to = y + c;
            int r = 0;
            for (; r <= rows - 2; r += 2, from += 2 * sumStride, to += 2 * stride)
            {
                int* next = from + sumStride;
                T.StoreBytes(
                    TFamily.Apply(T.Load(from), left), TFamily.Apply(T.Load(from + T.Count), right), TFamily.Apply(T.Load(next), left), TFamily.Apply(T.Load(next + T.Count), right), output, to, to + stride);
            }

            if (r < rows)
            {
                var (a, b) = (TFamily.Apply(T.Load(from), left), TFamily.Apply(T.Load(from + T.Count), right));
                T.StoreBytes(a, b, a, b, output, to, to);
            }
        }

        if (c < columns)
        {
            sbyte* part = stackalloc sbyte[2 * T.Count];
            for (int r = 0; r < rows; r++)
            {
                int* from = sums + (r * sumStride) + c;
                var (a, b) = (TFamily.Apply(T.Load(from), left), TFamily.Apply(T.Load(from + T.Count), right));
                T.StoreBytes(a, b, a, b, output, part, part);
                Copy(part, columns - c, y + (r * stride) + c);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(sbyte* from, int count, sbyte* to)
    {
        if (count >= Vector128<sbyte>.Count)
        {
            Vector128.Load(from).Store(to);
            from += Vector128<sbyte>.Count;
            to += Vector128<sbyte>.Count;
            count -= Vector128<sbyte>.Count;
        }

        for (int i = 0; i < count; i++)
        {
            to[i] = from[i];
        }
    }
}
