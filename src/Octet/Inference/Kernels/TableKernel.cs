using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Octet.Integers.Steps;

namespace Octet.Inference.Kernels;

/// <summary>Functions of one value by tables; AVX-512 VBMI looks up 64 at once.</summary>
internal sealed unsafe class TableKernel(AlignedMemory<sbyte> tables, int inner, sbyte* x, int count, sbyte* y, bool permutes) : Kernel
{
    /// <summary>Prepares a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="placement">Where its operands lie.</param>
    /// <param name="permutes">Whether VBMI may be used where the processor has it.</param>
    public static void Add(TableStep step, Placement placement, bool permutes)
    {
        var tables = new AlignedMemory<sbyte>(step.Table.AsSpan());
        bool usesVbmi = permutes && Avx512Vbmi.IsSupported;
        if (tables.Length == TableStep.Size && placement.IsChannelsLast(step.X) && step.X.Shape == step.Y.Shape)
        {
            int length = Placement.FormOf(step.X)!.Length;
            placement.Add(new TableKernel(tables, length, placement.ReadChannelsLast(step.X), length, placement.WriteChannelsLast(step.Y), usesVbmi));
            return;
        }

        int count = step.X.Count;
        placement.Add(new TableKernel(tables, tables.Length == TableStep.Size ? count : step.Inner, placement.ReadPlanar(step.X), count, placement.WritePlanar(step.Y), usesVbmi));
    }

    /// <inheritdoc/>
    public override void Run()
    {
        sbyte* table = tables.Start;
        for (int i = 0; i < count; i += inner)
        {
            if (permutes)
            {
                Permute(table, x + i, y + i);
            }
            else
            {
                LookUp(table, x + i, y + i);
            }

            table += TableStep.Size;
            if (table == tables.Start + tables.Length)
            {
                table = tables.Start;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LookUp(sbyte* table, sbyte* from, sbyte* to)
    {
        sbyte* middle = table - sbyte.MinValue;
        for (int i = 0; i < inner; i++)
        {
            to[i] = middle[from[i]];
        }
    }

    // A permutation takes 7 bits of a value, the sign chooses the half of the table. What is written too far is written again.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Permute(sbyte* table, sbyte* from, sbyte* to)
    {
        var negative0 = Vector512.Load(table);
        var negative1 = Vector512.Load(table + 64);
        var positive0 = Vector512.Load(table + 128);
        var positive1 = Vector512.Load(table + 192);
        for (int i = 0; i < inner; i += Vector512<sbyte>.Count)
        {
            var index = Vector512.Load(from + i);
            var positive = Avx512Vbmi.PermuteVar64x8x2(positive0, index, positive1);
            var negative = Avx512Vbmi.PermuteVar64x8x2(negative0, index, negative1);
            Vector512.ConditionalSelect(Vector512.LessThan(index, Vector512<sbyte>.Zero), negative, positive).Store(to + i);
        }
    }
}
