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

    // Above 2³¹ the conversion of floats is not defined.
    private const float MostResult = 1 << 24;

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
        var most = T.Create(BitConverter.SingleToInt32Bits(MostResult));
        var less = T.Create(sum.Less);
        var output = OutputBounds<TVector>.Of<T>(-sum.Less, min, max);
        for (int i = 0; i < length; i += 4 * T.Count)
        {
            T.StoreBytes(Sum(i), Sum(i + T.Count), Sum(i + (2 * T.Count)), Sum(i + (3 * T.Count)), output, y + i, y + i + (2 * T.Count));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        TVector Sum(int i)
        {
            var inner = T.FusedMultiplyAdd(T.ToFloats(T.Add(T.WidenBytes(b + i), less)), factorB, offset);
            return T.Round(T.MinFloats(T.FusedMultiplyAdd(T.ToFloats(T.Add(T.WidenBytes(a + i), less)), factorA, inner), most));
        }
    }
}
