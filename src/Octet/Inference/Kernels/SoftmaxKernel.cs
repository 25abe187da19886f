using System.Runtime.CompilerServices;
using Octet.Integers.Steps;
using Octet.Numerics.Rescaling;

namespace Octet.Inference.Kernels;

/// <summary>Softmax: rows whose elements lie together are computed where they are, others are gathered and scattered.</summary>
internal abstract unsafe class SoftmaxKernel : Kernel
{
    private readonly Rows rows;
    private readonly AlignedMemory<sbyte> gathered;

    /// <summary>Prepares rows.</summary>
    protected SoftmaxKernel(Rows rows)
    {
        this.rows = rows;
        gathered = new AlignedMemory<sbyte>(2 * rows.Padded);
    }

    /// <summary>Elements of a row.</summary>
    protected int Length => rows.Length;

    /// <summary>Prepares a step.</summary>
    /// <returns>False where it has no such form.</returns>
    public static bool TryAdd<T, TVector>(SoftmaxStep step, Placement placement)
        where T : ILanes<TVector>
        where TVector : unmanaged
    {
        switch (step.Shares)
        {
            case IntegerSoftmax shares:
                placement.Add(new IntegerSoftmaxKernel(Rows.Of(step, placement), shares, Requantizer.Of<T, TVector>(shares.Requantize, step.Length, 0)));
                return true;
            case FloatSoftmax shares:
                placement.Add(new FloatSoftmaxKernel<T, TVector>(Rows.Of(step, placement), shares));
                return true;
            default:
                return false;
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public sealed override void Run()
    {
        var x = (sbyte*)rows.X;
        var y = (sbyte*)rows.Y;
        for (int outer = 0; outer < rows.Outer; outer++, x += rows.Stride, y += rows.Stride)
        {
            if (rows.Trailing == 1)
            {
                RunRow(x, y);
                continue;
            }

            sbyte* values = gathered.Start;
            sbyte* shares = values + rows.Padded;
            for (int t = 0; t < rows.Trailing; t++)
            {
                for (int i = 0; i < rows.Length; i++)
                {
                    values[i] = x[t + ((long)i * rows.Trailing)];
                }

                RunRow(values, shares);
                for (int i = 0; i < rows.Length; i++)
                {
                    y[t + ((long)i * rows.Trailing)] = shares[i];
                }
            }
        }
    }

    /// <summary>Computes a row; there is room for four vectors behind the last.</summary>
    protected abstract void RunRow(sbyte* x, sbyte* y);

    /// <summary>Where rows lie.</summary>
    /// <param name="X">The first value.</param>
    /// <param name="Y">The first share.</param>
    /// <param name="Outer">How many blocks of rows.</param>
    /// <param name="Stride">Bytes from one block to the next.</param>
    /// <param name="Length">Elements of a row.</param>
    /// <param name="Trailing">Rows of a block, whose elements lie side by side.</param>
    protected internal sealed record Rows(nint X, nint Y, int Outer, int Stride, int Length, int Trailing)
    {
        private const int Room = 64;

        /// <summary>Bytes that a gathered row takes.</summary>
        public int Padded => Length + Room;

        /// <summary>The rows of a step; over channels that lie together where they do.</summary>
        public static Rows Of(SoftmaxStep step, Placement placement)
        {
            if (placement.IsChannelsLast(step.X) && Placement.FormOf(step.X) is { Planes: { Channels: var channels, Area: var area } } form && (channels, area) == (step.Length, step.Trailing))
            {
                return new Rows((nint)placement.ReadChannelsLast(step.X), (nint)placement.WriteChannelsLast(step.Y), form.Pixels, form.Stride, step.Length, 1);
            }

            int block = step.Length * step.Trailing;
            return new Rows((nint)placement.ReadPlanar(step.X), (nint)placement.WritePlanar(step.Y), step.X.Count / block, block, step.Length, step.Trailing);
        }
    }
}
