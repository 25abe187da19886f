using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Octet.Integers.Steps;

namespace Octet.Inference.Kernels;

/// <summary>Functions of one value by one table; AVX-512 VBMI looks up 64 at once.</summary>
internal sealed unsafe class TableKernel(AlignedMemory<sbyte> table, sbyte* x, int count, sbyte* y, bool permutes) : Kernel
{
    /// <summary>Prepares a step.</summary>
    /// <returns>False where it has several tables.</returns>
    public static bool TryAdd(TableStep step, Placement placement, bool permutes)
    {
        if (step.Table.Length != TableStep.Size)
        {
            return false;
        }

        bool isChannelsLast = placement.IsChannelsLast(step.X) && step.X.Shape == step.Y.Shape;
        int count = isChannelsLast ? Placement.FormOf(step.X)!.Length : step.X.Count;
        sbyte* x = isChannelsLast ? placement.ReadChannelsLast(step.X) : placement.ReadPlanar(step.X);
        sbyte* y = isChannelsLast ? placement.WriteChannelsLast(step.Y) : placement.WritePlanar(step.Y);
        placement.Add(new TableKernel(new AlignedMemory<sbyte>(step.Table.AsSpan()), x, count, y, permutes && Avx512Vbmi.IsSupported));
        return true;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run()
    {
        if (permutes)
        {
            // Signed values count from −128: a permutation takes 7 of their bits, the sign chooses the half.
            var positive0 = Vector512.Load(table.Start + 128);
            var positive1 = Vector512.Load(table.Start + 192);
            var negative0 = Vector512.Load(table.Start);
            var negative1 = Vector512.Load(table.Start + 64);
            for (int i = 0; i < count; i += Vector512<sbyte>.Count)
            {
                var index = Vector512.Load(x + i);
                var positive = Avx512Vbmi.PermuteVar64x8x2(positive0, index, positive1);
                var negative = Avx512Vbmi.PermuteVar64x8x2(negative0, index, negative1);
                Vector512.ConditionalSelect(Vector512.LessThan(index, Vector512<sbyte>.Zero), negative, positive).Store(y + i);
            }

            return;
        }

        sbyte* middle = table.Start - sbyte.MinValue;
        for (int i = 0; i < count; i++)
        {
            y[i] = middle[x[i]];
        }
    }
}
