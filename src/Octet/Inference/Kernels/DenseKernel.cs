using Octet.Integers.Steps;

namespace Octet.Inference.Kernels;

/// <summary>Products of rows with constant weights.</summary>
internal static unsafe class DenseKernel
{
    /// <summary>Prepares a step.</summary>
    public static void Add<T, TVector>(DenseStep step, Placement placement)
        where T : ILanes<TVector>
        where TVector : unmanaged
    {
        var rows = new PointwiseRows<T, TVector>(placement.ReadPlanar(step.X), step.Weights.Inner, step.X.Params!.ZeroPoint);
        var weights = PackedWeights.Of(step.Weights, step.Weights.Inner, (_, k) => k, T.Count);
        placement.Add(new ProductKernel<T, TVector>(
            rows, step.RowCount, weights, Requantizer.Of<T, TVector>(step.Requantize, step.Weights.Rows), placement.WritePlanar(step.Y), step.Weights.Rows));
    }
}
