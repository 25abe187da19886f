using System.Runtime.CompilerServices;
using Octet.Integers;
using Octet.Integers.Steps;

namespace Octet.Inference.Kernels;

/// <summary>Means under a window, all channels of a pixel side by side.</summary>
internal sealed unsafe class AveragePoolKernel<T, TVector> : Kernel
    where T : ILanes<TVector>
    where TVector : unmanaged
{
    private readonly Planes from;
    private readonly Planes to;
    private readonly Window window;
    private readonly int zeroPoint;
    private readonly sbyte* x;
    private readonly sbyte* y;
    private readonly int stride;
    private readonly int strideY;

    // One for every number of taps on the plane, or one for all.
    private readonly Requantizer[] requantizers;
    private readonly AlignedMemory<int> sums;

    private AveragePoolKernel(IntegerBuffer input, Planes from, Planes to, Window window, Requantizer[] requantizers, sbyte* x, sbyte* y, int strideY)
    {
        this.from = from;
        this.to = to;
        this.window = window;
        this.requantizers = requantizers;
        this.x = x;
        this.y = y;
        this.strideY = strideY;
        zeroPoint = input.Params!.ZeroPoint;
        stride = new ChannelsLast(from).Stride;
        sums = new AlignedMemory<int>(stride);
    }

    /// <summary>Prepares a pool.</summary>
    public static void Add(AveragePoolStep step, Placement placement)
    {
        int stride = new ChannelsLast(step.To).Stride;
        var requantizers = Enumerable.Range(0, step.Requantize.Rescale.Count).Select(i => Requantizer.Of<T, TVector>(step.Requantize, stride, i)).ToArray();
        placement.Add(new AveragePoolKernel<T, TVector>(
            step.X, step.From, step.To, step.Window, requantizers, placement.ReadChannelsLast(step.X), placement.WriteChannelsLast(step.Y), stride));
    }

    /// <summary>Prepares a mean over whole planes.</summary>
    /// <returns>False for other means, and for planes that do not lie channels-last.</returns>
    public static bool TryAdd(MeanStep step, Placement placement)
    {
        if (!placement.IsChannelsLast(step.X) || Planes.Of(step.X.Shape) is not { } whole || step.Y.Count != whole.Images * whole.Channels)
        {
            return false;
        }

        var window = new Window(whole.Height, whole.Width, 1, 1, 0, 0, 1, 1);
        var requantizer = Requantizer.Of<T, TVector>(step.Requantize, whole.Channels, 0);
        placement.Add(new AveragePoolKernel<T, TVector>(
            step.X, whole, whole with { Height = 1, Width = 1 }, window, [requantizer], placement.ReadChannelsLast(step.X), placement.WritePlanar(step.Y), whole.Channels));
        return true;
    }

    /// <inheritdoc/>
    public override void Run()
    {
        sbyte* next = y;
        for (int image = 0; image < to.Images; image++)
        {
            sbyte* start = x + ((long)image * from.Area * stride);
            for (int oy = 0; oy < to.Height; oy++)
            {
                var rows = PoolTaps.Rows(window, oy, from.Height);
                for (int ox = 0; ox < to.Width; ox++, next += strideY)
                {
                    var columns = PoolTaps.Columns(window, ox, from.Width);
                    int top = (oy * window.StrideY) - window.Top;
                    int left = (ox * window.StrideX) - window.Left;
                    Sum(start + ((((long)top * from.Width) + left) * stride), rows, columns);
                    int taps = rows.Count * columns.Count;
                    requantizers[requantizers.Length == 1 ? 0 : Math.Max(taps - 1, 0)].Run(sums.Start, stride, 1, strideY, 0, next, 0);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sum(sbyte* corner, PoolTaps rows, PoolTaps columns)
    {
        long down = (long)window.DilationY * from.Width * stride;
        int right = window.DilationX * stride;
        var bias = T.Create(-zeroPoint * rows.Count * columns.Count);
        for (int c = 0; c < stride; c += T.Count)
        {
            var sum = bias;
            for (int ky = rows.First; ky < rows.End; ky++)
            {
                sbyte* line = corner + (ky * down) + c;
                for (int kx = columns.First; kx < columns.End; kx++)
                {
                    sum = T.Add(sum, T.WidenBytes(line + (kx * right)));
                }
            }

            T.Store(sum, sums.Start + c);
        }
    }
}
