using Octet.Integers;
using Octet.Integers.Steps;
using Octet.Numerics;

namespace Octet.Inference.Kernels;

/// <summary>Products of rows with constant weights that leave as floats.</summary>
internal sealed unsafe class FloatDenseKernel<T, TVector>(FloatDenseStep step, sbyte* x, IntegerMemory memory) : Kernel
    where T : ILanes<TVector>
    where TVector : unmanaged
{
    private readonly PointwiseRows<T, TVector> rows = new(x, step.Weights.Inner, step.X.Params!.ZeroPoint);
    private readonly PackedWeights weights = PackedWeights.Of(step.Weights, step.Weights.Inner, (_, k) => k, T.Count);
    private readonly AlignedMemory<short> staged = new(ProductTile.FewRows * (step.Weights.Inner + 1));
    private readonly AlignedMemory<int> sums = new(ProductTile.FewRows * 2 * T.Count);

    /// <summary>Prepares a step.</summary>
    public static void Add(FloatDenseStep step, Placement placement)
        => placement.Add(new FloatDenseKernel<T, TVector>(step, placement.ReadPlanar(step.X), placement.Memory));

    /// <inheritdoc/>
    public override void Run()
    {
        int outputs = step.Weights.Rows;
        var y = new float[step.Y.Count];
        for (int first = 0; first < y.Length / outputs; first += ProductTile.FewRows)
        {
            int height = Math.Min(ProductTile.FewRows, (y.Length / outputs) - first);
            rows.Stage(first, height, staged.Start);
            for (int panel = 0; panel < weights.Panels; panel++)
            {
                int channel = panel * weights.PanelWidth;
                int columns = Math.Min(weights.PanelWidth, outputs - channel);
                ProductTile.Run<T, TVector>(staged.Start, rows.Length, height, weights, panel, columns, sums.Start);
                for (int i = 0; i < height * columns; i++)
                {
                    var (r, c) = Math.DivRem(i, columns);
                    y[((first + r) * outputs) + channel + c] = sums.Start[(r * weights.PanelWidth) + c] * step.Scales[step.Scales.Length == 1 ? 0 : channel + c];
                }
            }
        }

        memory.Set(step.Y, Tensor.FromArray(y, step.Y.Shape));
    }
}
