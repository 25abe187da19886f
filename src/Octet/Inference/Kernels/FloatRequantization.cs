using System.Runtime.CompilerServices;
using Octet.Numerics.Rescaling;

namespace Octet.Inference.Kernels;

/// <summary><see cref="FloatRescale"/>: the product is clamped before it is rounded, which changes nothing, for the bounds are integers.</summary>
internal readonly unsafe struct FloatRequantization<T, TVector> : IRequantization<TVector>
    where T : ILanes<TVector>
    where TVector : unmanaged
{
    public static int Width => 4;

    public static bool Prepare(Requantize requantize, int channel, Span<int> parameters)
    {
        var rescale = (FloatRescale)requantize.Rescale;
        float factor = rescale.Factors[rescale.Count == 1 ? 0 : channel];
        parameters[0] = BitConverter.SingleToInt32Bits(factor);
        parameters[1] = BitConverter.SingleToInt32Bits(requantize.Min - requantize.ZeroPoint);
        parameters[2] = BitConverter.SingleToInt32Bits(requantize.Max - requantize.ZeroPoint);
        parameters[3] = requantize.ZeroPoint;
        return float.IsFinite(factor);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply(TVector sums, int* parameters)
    {
        var product = T.MultiplyFloats(T.ToFloats(sums), T.Load(parameters));
        return T.Add(T.Round(T.ClampFloats(product, T.Load(parameters + T.Count), T.Load(parameters + (2 * T.Count)))), T.Load(parameters + (3 * T.Count)));
    }
}
