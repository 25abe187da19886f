using System.Runtime.CompilerServices;
using Octet.Integers.Steps;
using Octet.Numerics.Rescaling;

namespace Octet.Inference.Kernels;

/// <summary>Sums as <see cref="FloatSum"/> forms them.</summary>
internal sealed unsafe class FloatSumKernel<T, TVector>(FloatSum sum, int min, int max, BinaryOperands operands) : BinaryKernel(operands)
    where T : ILanes<TVector>
    where TVector : unmanaged
{
    // With factors up to this no sum is infinite.
    private const float Most = 1e30f;

    /// <summary>Prepares a step.</summary>
    /// <returns>False where it has no such form.</returns>
    public static bool TryAdd(AddStep step, FloatSum sum, Placement placement)
    {
        if (!(Math.Abs(sum.FactorA) < Most && Math.Abs(sum.FactorB) < Most && Math.Abs(sum.Offset) < Most) || BinaryOperands.Place(step.A, step.B, step.Y, placement) is not { } operands)
        {
            return false;
        }

        placement.Add(new FloatSumKernel<T, TVector>(sum, step.Min, step.Max, operands));
        return true;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void RunRow(sbyte* a, sbyte* b, int length, sbyte* y)
    {
        var factorA = T.Create(BitConverter.SingleToInt32Bits(sum.FactorA));
        var factorB = T.Create(BitConverter.SingleToInt32Bits(sum.FactorB));
        var offset = T.Create(BitConverter.SingleToInt32Bits(sum.Offset));
        var low = T.Create(BitConverter.SingleToInt32Bits(min));
        var high = T.Create(BitConverter.SingleToInt32Bits(max));
        for (int i = 0; i < length; i += T.Count)
        {
            var inner = T.FusedMultiplyAdd(T.ToFloats(T.WidenBytes(b + i)), factorB, offset);
            var outer = T.FusedMultiplyAdd(T.ToFloats(T.WidenBytes(a + i)), factorA, inner);
            T.StoreBytes(T.Round(T.ClampFloats(outer, low, high)), y + i);
        }
    }
}
