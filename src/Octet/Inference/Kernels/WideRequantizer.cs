using System.Runtime.CompilerServices;
using Octet.Numerics.Rescaling;

namespace Octet.Inference.Kernels;

/// <summary>Turns rows of 32-bit sums, a column a channel, into quantized values of up to 16 bits, where they stand.</summary>
internal abstract unsafe class WideRequantizer
{
    /// <summary>Makes the vectorised code of a family; the scalar code where there is none that holds for 16 bits.</summary>
    /// <param name="requantize">What the values become.</param>
    /// <param name="first">The channel of column 0.</param>
    /// <param name="columns">Columns, a multiple of two vectors.</param>
    public static WideRequantizer Of<T, TVector>(Requantize requantize, int first, int columns)
        where T : ILanes<TVector>
        where TVector : unmanaged
        => requantize.Rescale switch
        {
            FloatRescale => WideRequantizer<T, TVector, FloatRequantization<T, TVector>>.Create(requantize, first, columns),

            // Others are shifted left, which that code does as far as 8 bits go.
            ShiftRescale shift when shift.Shifts.All(s => s > 0) => WideRequantizer<T, TVector, ShiftRequantization<T, TVector>>.Create(requantize, first, columns),
            _ => null,
        } ?? new ScalarRequantizer(requantize, first);

    /// <summary>Requantizes.</summary>
    /// <param name="sums">The first sum.</param>
    /// <param name="stride">Sums from one row to the next; whole vectors are read and written.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="column">The first column's number, a multiple of two vectors.</param>
    public abstract void Run(int* sums, int stride, int rows, int columns, int column);

    private sealed class ScalarRequantizer(Requantize requantize, int first) : WideRequantizer
    {
        public override void Run(int* sums, int stride, int rows, int columns, int column)
        {
            int last = requantize.Rescale.Count - 1;
            for (int r = 0; r < rows; r++, sums += stride)
            {
                for (int c = 0; c < columns; c++)
                {
                    sums[c] = requantize.Apply(sums[c], Math.Min(first + column + c, last));
                }
            }
        }
    }
}

/// <summary>The code of one family and one instruction set.</summary>
internal sealed unsafe class WideRequantizer<T, TVector, TFamily> : WideRequantizer
    where T : ILanes<TVector>
    where TVector : unmanaged
    where TFamily : IRequantization<TVector>
{
    private readonly AlignedMemory<int> parameters;
    private readonly Requantize requantize;

    private WideRequantizer(AlignedMemory<int> parameters, Requantize requantize)
    {
        this.parameters = parameters;
        this.requantize = requantize;
    }

    /// <summary>Prepares it; null where the code cannot express a factor.</summary>
    public static WideRequantizer? Create(Requantize requantize, int first, int columns)
        => Requantizer<T, TVector, TFamily>.Parameters(requantize, columns, first, null) is { } parameters ? new WideRequantizer<T, TVector, TFamily>(parameters, requantize) : null;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(int* sums, int stride, int rows, int columns, int column)
    {
        // The zero point comes last, so that what is beyond all bounds does not wrap around.
        var zero = T.Create(requantize.ZeroPoint);
        var low = T.Create(requantize.Min - requantize.ZeroPoint);
        var high = T.Create(requantize.Max - requantize.ZeroPoint);
        int* own = parameters.Start + (column * TFamily.Width);
        for (int c = 0; c < columns; c += T.Count, own += T.Count * TFamily.Width)
        {
            int* at = sums + c;
            for (int r = 0; r < rows; r++, at += stride)
            {
                T.Store(T.Add(T.Min(T.Max(TFamily.Apply(T.Load(at), own), low), high), zero), at);
            }
        }
    }
}
