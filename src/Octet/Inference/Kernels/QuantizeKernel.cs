using System.Runtime.CompilerServices;
using Octet.Numerics;

namespace Octet.Inference.Kernels;

/// <summary>The border from floats to integers: what <see cref="QuantParams.Quantize"/> gives.</summary>
internal static unsafe class QuantizeKernel
{
    /// <summary>Quantizes values with parameters of a whole tensor.</summary>
    /// <param name="values">The floats.</param>
    /// <param name="parameters">Of a type of 8 bits at most.</param>
    /// <param name="result">As many, with room for a vector behind them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T, TVector>(ReadOnlySpan<float> values, QuantParams parameters, sbyte* result)
        where T : ILanes<TVector>
        where TVector : unmanaged
    {
        var scale = T.Create(BitConverter.SingleToInt32Bits(parameters.Scale));
        var low = T.Create(BitConverter.SingleToInt32Bits(parameters.Type.Min - parameters.ZeroPoint));
        var high = T.Create(BitConverter.SingleToInt32Bits(parameters.Type.Max - parameters.ZeroPoint));
        var output = OutputBounds<TVector>.Of<T>(parameters.ZeroPoint, parameters.Type.Min, parameters.Type.Max);
        fixed (float* from = values)
        {
            int i = 0;
            for (; i <= values.Length - (4 * T.Count); i += 4 * T.Count)
            {
                T.StoreBytes(
                    Scaled<T, TVector>(from + i, scale, low, high),
                    Scaled<T, TVector>(from + i + T.Count, scale, low, high),
                    Scaled<T, TVector>(from + i + (2 * T.Count), scale, low, high),
                    Scaled<T, TVector>(from + i + (3 * T.Count), scale, low, high),
                    output,
                    result + i,
                    result + i + (2 * T.Count));
            }

            for (; i < values.Length; i++)
            {
                result[i] = (sbyte)parameters.Quantize(from[i]);
            }
        }
    }

    // What is not a number becomes 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Scaled<T, TVector>(float* from, TVector scale, TVector low, TVector high)
        where T : ILanes<TVector>
        where TVector : unmanaged
    {
        var scaled = T.DivideFloats(T.Load(from), scale);
        return T.Round(T.ClampFloats(T.And(scaled, T.IsNumber(scaled)), low, high));
    }
}
