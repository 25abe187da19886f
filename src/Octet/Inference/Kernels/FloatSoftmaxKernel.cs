using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Octet.Numerics.Rescaling;

namespace Octet.Inference.Kernels;

/// <summary>Softmax with floats, as <see cref="FloatSoftmax"/> forms them: the sum in order, the shares in vectors.</summary>
internal sealed unsafe class FloatSoftmaxKernel<T, TVector>(SoftmaxKernel.Rows rows, FloatSoftmax shares) : SoftmaxKernel(rows)
    where T : ILanes<TVector>
    where TVector : unmanaged
{
    private readonly AlignedMemory<float> exponentials = new(shares.Exponentials.AsSpan());
    private readonly AlignedMemory<float> share = new(rows.Padded);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void RunRow(sbyte* x, sbyte* y)
    {
        int length = Length;
        float* to = share.Start;

        // Distances to the greatest value count from 0.
        float* distance = exponentials.Start + TensorPrimitives.Max(new ReadOnlySpan<sbyte>(x, length));
        float sum = 0;
        for (int i = 0; i < length; i++)
        {
            sum += to[i] = distance[-x[i]];
        }

        var levels = T.Create(BitConverter.SingleToInt32Bits(shares.Levels));
        var all = T.Create(BitConverter.SingleToInt32Bits(sum));
        var most = T.Create(BitConverter.SingleToInt32Bits(FloatSoftmax.MostShare));
        var output = OutputBounds<TVector>.Of<T>(shares.ZeroPoint, shares.Min, shares.Max);
        for (int i = 0; i < length; i += 4 * T.Count)
        {
            T.StoreBytes(Share(i), Share(i + T.Count), Share(i + (2 * T.Count)), Share(i + (3 * T.Count)), output, y + i, y + i + (2 * T.Count));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        TVector Share(int i) => T.Round(T.MinFloats(T.DivideFloats(T.MultiplyFloats(T.Load(to + i), levels), all), most));
    }
}
