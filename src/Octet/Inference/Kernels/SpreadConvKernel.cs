using System.Numerics;
using System.Runtime.CompilerServices;
using Octet.Integers;
using Octet.Integers.Steps;
using Octet.Numerics;

namespace Octet.Inference.Kernels;

/// <summary>
/// Transposed convolutions: outputs that lie the spread apart see the same taps, so that each such phase is a convolution over the plane as it is, without the zeros. This kernel puts the pixels of a
/// phase where they belong.
/// </summary>
internal sealed unsafe class SpreadConvKernel : Kernel
{
    private readonly ChannelsLast part;
    private readonly ChannelsLast whole;
    private readonly (int First, int Step) rows;
    private readonly (int First, int Step) columns;
    private readonly sbyte* x;
    private readonly sbyte* y;

    private SpreadConvKernel(ChannelsLast part, ChannelsLast whole, (int First, int Step) rows, (int First, int Step) columns, sbyte* x, sbyte* y)
    {
        this.part = part;
        this.whole = whole;
        this.rows = rows;
        this.columns = columns;
        this.x = x;
        this.y = y;
    }

    /// <summary>Prepares a step.</summary>
    /// <returns>False where it has no such form.</returns>
    public static bool TryAdd<T, TVector>(ConvStep step, Placement placement)
        where T : ILanes<TVector>
        where TVector : unmanaged
    {
        var window = step.Window;
        Phase[] rows = Phases(window.Height, window.SpreadY, window.Top, window.DilationY, step.To.Height);
        Phase[] columns = Phases(window.Width, window.SpreadX, window.Left, window.DilationX, step.To.Width);
        if (window.StrideY != 1 || window.StrideX != 1 || !ConvKernel.Fits(step.Convolution))
        {
            return false;
        }

        var whole = new ChannelsLast(step.To);
        var parts = new List<(Phase Row, Phase Column, IntegerBuffer Y, nint Place)>();
        foreach (var row in rows)
        {
            foreach (var column in columns)
            {
                var part = PartOf(step, row, column);
                _ = DepthwiseKernel<T, TVector>.TryAdd(part, placement) || ConvKernel.TryAdd<T, TVector>(part, placement);
                parts.Add((row, column, part.Y, (nint)placement.ReadChannelsLast(part.Y)));
            }
        }

        var y = placement.WriteChannelsLast(step.Y);
        foreach (var (row, column, part, place) in parts)
        {
            placement.Add(new SpreadConvKernel(Placement.FormOf(part)!, whole, (row.First, window.SpreadY), (column.First, window.SpreadX), (sbyte*)place, y));
            placement.GiveUp(part);
        }

        return true;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run()
    {
        int bytes = whole.Stride;
        sbyte* from = x;
        for (int image = 0; image < whole.Planes.Images; image++)
        {
            for (int row = 0; row < part.Planes.Height; row++)
            {
                long line = (((long)image * whole.Planes.Height) + rows.First + (row * rows.Step)) * whole.Planes.Width;
                sbyte* to = y + ((line + columns.First) * bytes);
                for (int column = 0; column < part.Planes.Width; column++, from += bytes, to += (long)columns.Step * bytes)
                {
                    Unsafe.CopyBlockUnaligned(to, from, (uint)bytes);
                }
            }
        }
    }

    // Taps of an output: those that do not fall between values. Where all do, one that lies before the plane stands for them.
    private static Phase[] Phases(int taps, int spread, int before, int dilation, int count)
        => [.. Enumerable.Range(0, Math.Min(spread, count)).Select(first =>
        {
            int[] own = [.. Enumerable.Range(0, taps).Where(k => (first - before + (k * dilation)) % spread == 0)];
            int outputs = (count - first + spread - 1) / spread;
            return own.Length == 0
                ? new Phase(first, outputs, [0], outputs, 1)
                : new Phase(first, outputs, own, (before - first - (own[0] * dilation)) / spread, dilation / (int)BigInteger.GreatestCommonDivisor(dilation, spread));
        })];

    private static ConvStep PartOf(ConvStep step, Phase row, Phase column)
    {
        var shape = step.Y.Shape;
        var y = IntegerBuffer.Quantized(step.Y.Name, shape.Rank == 3 ? new Shape(shape[0], shape[1], column.Count) : new Shape(shape[0], shape[1], row.Count, column.Count), step.Y.Params!);
        var window = new Window(row.Taps.Length, column.Taps.Length, 1, 1, row.Before, column.Before, row.Dilation, column.Dilation);
        int[] taps = [.. row.Taps.SelectMany(_ => column.Taps, (ky, kx) => (ky * step.Window.Width) + kx)];
        return new ConvStep(step.Name, step.X, y, window, step.Groups, step.Weights.WithTaps(taps, step.Window.Taps), step.Requantize);
    }

    /// <summary>Outputs along one dimension that see the same taps.</summary>
    /// <param name="First">The first; the others follow the spread apart.</param>
    /// <param name="Count">How many.</param>
    /// <param name="Taps">Their taps.</param>
    /// <param name="Before">Padding before the plane.</param>
    /// <param name="Dilation">Values of the plane from one tap to the next.</param>
    private sealed record Phase(int First, int Count, int[] Taps, int Before, int Dilation);
}
