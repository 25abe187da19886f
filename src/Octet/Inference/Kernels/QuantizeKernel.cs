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
        var zero = T.Create(parameters.ZeroPoint);
        fixed (float* from = values)
        {
            int i = 0;
            for (; i <= values.Length - T.Count; i += T.Count)
            {
                // What is not a number becomes 0.
                var scaled = T.DivideFloats(T.Load(from + i), scale);
                scaled = T.ClampFloats(T.And(scaled, T.IsNumber(scaled)), low, high);
                T.StoreBytes(T.Add(T.Round(scaled), zero), result + i);
            }

            for (; i < values.Length; i++)
            {
                result[i] = (sbyte)parameters.Quantize(from[i]);
            }
        }
    }
}
