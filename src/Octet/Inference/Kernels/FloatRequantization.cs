using System.Runtime.CompilerServices;
using Octet.Numerics.Rescaling;

namespace Octet.Inference.Kernels;

/// <summary><see cref="FloatRescale"/>, up to 2²⁴, which is beyond all bounds.</summary>
internal readonly unsafe struct FloatRequantization<T, TVector> : IRequantization<TVector>
    where T : ILanes<TVector>
    where TVector : unmanaged
{
    // Above it the conversion of floats is not defined; below −2³¹ it gives the least integer, as it should.
    private const int Most = 0x4B80_0000;

    public static int Width => 1;

    public static bool Prepare(Requantize requantize, int channel, Span<int> parameters)
    {
        var rescale = (FloatRescale)requantize.Rescale;
        float factor = rescale.Factors[rescale.Count == 1 ? 0 : channel];
        parameters[0] = BitConverter.SingleToInt32Bits(factor);
        return float.IsFinite(factor);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply(TVector sums, int* parameters) => T.Round(T.MinFloats(T.MultiplyFloats(T.ToFloats(sums), T.Load(parameters)), T.Create(Most)));
}
