using Octet.Integers;
using Octet.Integers.Steps;
using Octet.Numerics;

namespace Octet.Inference.Kernels;

/// <summary>Products with constant weights whose sums leave as they are; the zero point of the inputs is known when they are there.</summary>
/// <param name="rows">The inputs.</param>
/// <param name="zeroPoint">Where their zero point lies.</param>
/// <param name="weights">The weights.</param>
/// <param name="outputs">Output channels.</param>
/// <param name="area">Places of a channel that lie together in the result: 1 for a matrix.</param>
/// <param name="y">The result.</param>
/// <param name="memory">The program's memory.</param>
internal sealed unsafe class SumsKernel<T, TVector>(ProductRows rows, sbyte* zeroPoint, PackedWeights weights, int outputs, int area, IntegerBuffer y, IntegerMemory memory) : Kernel
    where T : ILanes<TVector>
    where TVector : unmanaged
{
    // With more of them nearly all weights are the 0 between groups, and the scalar code is faster.
    private const int MostGroups = 128;

    private readonly int tile = ProductTile.RowsFor<T, TVector>();
    private readonly AlignedMemory<short> staged = new((ProductTile.RowsFor<T, TVector>() + 1) * rows.Length);
    private readonly AlignedMemory<int> sums = new(ProductTile.RowsFor<T, TVector>() * weights.PanelWidth);

    /// <summary>Prepares a product.</summary>
    public static void Add(DenseSumsStep step, Placement placement)
    {
        var rows = new PointwiseRows<T, TVector>(placement.ReadPlanar(step.X), step.Weights.Inner, 0);
        var weights = PackedWeights.Of(step.Weights, step.Weights.Inner, (_, k) => k, T.Count);
        placement.Add(new SumsKernel<T, TVector>(rows, placement.ReadPlanar(step.ZeroPoint), weights, step.Weights.Rows, 1, step.Y, placement.Memory));
    }

    /// <summary>Prepares a convolution.</summary>
    /// <returns>False where it has no such form.</returns>
    public static bool TryAdd(ConvSumsStep step, Placement placement)
    {
        var convolution = step.Convolution;
        if (!ConvKernel.Fits(convolution) || convolution.Groups > MostGroups)
        {
            return false;
        }

        var rows = new PlanarRows(convolution, 0, placement.ReadPlanar(step.X));
        placement.Add(new SumsKernel<T, TVector>(
            rows, placement.ReadPlanar(step.ZeroPoint), PackedWeights.Planar(convolution, T.Count), convolution.To.Channels, convolution.To.Area, step.Y, placement.Memory));
        return true;
    }

    /// <inheritdoc/>
    public override void Run()
    {
        rows.ZeroPoint = *zeroPoint;
        var result = new int[y.Count];
        int count = result.Length / outputs;
        for (int first = 0; first < count; first += tile)
        {
            int height = Math.Min(tile, count - first);
            rows.Stage(first, height, staged.Start);
            for (int panel = 0; panel < weights.Panels; panel++)
            {
                int channel = panel * weights.PanelWidth;
                int columns = Math.Min(weights.PanelWidth, outputs - channel);
                ProductTile.Run<T, TVector>(staged.Start, rows.Length, height, weights, panel, columns, sums.Start);
                for (int r = 0; r < height; r++)
                {
                    var (image, place) = Math.DivRem(first + r, area);
                    var from = new ReadOnlySpan<int>(sums.Start + (r * weights.PanelWidth), columns);
                    int at = (((image * outputs) + channel) * area) + place;
                    if (area == 1)
                    {
                        from.CopyTo(result.AsSpan(at));
                        continue;
                    }

                    foreach (int sum in from)
                    {
                        result[at] = sum;
                        at += area;
                    }
                }
            }
        }

        memory.Set(y, Tensor.FromArray(result, y.Shape));
    }
}
