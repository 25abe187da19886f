using System.Runtime.CompilerServices;
using Octet.Integers.Steps;

namespace Octet.Inference.Kernels;

/// <summary>The greater or the lesser of two values.</summary>
internal sealed unsafe class ExtremumKernel<T, TVector>(bool isGreatest, BinaryOperands operands) : BinaryKernel(operands)
    where T : ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>Prepares a step.</summary>
    /// <returns>False where it has no such form.</returns>
    public static bool TryAdd(ExtremumStep step, Placement placement)
    {
        if (BinaryOperands.Place(step.A, step.B, step.Y, placement) is not { } operands)
        {
            return false;
        }

        placement.Add(new ExtremumKernel<T, TVector>(step.IsGreatest, operands));
        return true;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void RunRow(sbyte* a, sbyte* b, int length, sbyte* y)
    {
        // The lesser of two is the complement of the greater of their complements.
        var ones = T.Create(-1);
        for (int i = 0; i < length; i += 4 * T.Count)
        {
            var (left, right) = (T.Load(a + i), T.Load(b + i));
            T.Store(isGreatest ? T.MaxBytes(left, right) : T.Subtract(ones, T.MaxBytes(T.Subtract(ones, left), T.Subtract(ones, right))), y + i);
        }
    }
}
