using System.Runtime.CompilerServices;
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
    // Groups of channels × parameters × lanes.
    private readonly AlignedMemory<int> parameters;

    private Requantizer(AlignedMemory<int> parameters) => this.parameters = parameters;

    /// <summary>Prepares it; null where the code cannot express a factor.</summary>
    public static Requantizer? Create(Requantize requantize, int channels, int? factor)
    {
        int groups = (channels + T.Count - 1) / T.Count;
        var memory = new AlignedMemory<int>(groups * TFamily.Width * T.Count);
        Span<int> one = stackalloc int[TFamily.Width];
        for (int c = 0; c < groups * T.Count; c++)
        {
            // Columns beyond the last channel hold nothing that counts.
            if (!TFamily.Prepare(requantize, factor ?? Math.Min(c, requantize.Rescale.Count - 1), one))
            {
                return null;
            }

            for (int p = 0; p < one.Length; p++)
            {
                memory.Span[(((c / T.Count * TFamily.Width) + p) * T.Count) + (c % T.Count)] = one[p];
            }
        }

        return new Requantizer<T, TVector, TFamily>(memory);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(int* sums, int sumStride, int rows, int columns, int channel, sbyte* y, nint stride)
    {
        int* at = parameters.Start + (channel * TFamily.Width);
        int c = 0;
        for (; c <= columns - T.Count; c += T.Count, at += TFamily.Width * T.Count)
        {
            int* from = sums + c;
            sbyte* to = y + c;
            for (int r = 0; r < rows; r++, from += sumStride, to += stride)
            {
                T.StoreBytes(TFamily.Apply(T.Load(from), at), to);
            }
        }

        if (c < columns)
        {
            sbyte* part = stackalloc sbyte[T.Count];
            for (int r = 0; r < rows; r++)
            {
                T.StoreBytes(TFamily.Apply(T.Load(sums + (r * sumStride) + c), at), part);
                new Span<sbyte>(part, columns - c).CopyTo(new Span<sbyte>(y + (r * stride) + c, columns - c));
            }
        }
    }
}
