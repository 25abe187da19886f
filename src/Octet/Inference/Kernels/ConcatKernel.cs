using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Octet.Integers.Steps;

namespace Octet.Inference.Kernels;

/// <summary>Channels of images behind each other, pixel by pixel.</summary>
internal sealed unsafe class ConcatKernel(ConcatStep step, nint[] parts, sbyte* y) : Kernel
{
    /// <summary>Prepares a step.</summary>
    /// <returns>False where it is not of channels, or no part lies channels-last.</returns>
    public static bool TryAdd(ConcatStep step, Placement placement)
    {
        if (step.Axis != 1 || Placement.FormOf(step.Y) is null || !step.Parts.Any(placement.IsChannelsLast))
        {
            return false;
        }

        nint[] parts = [.. step.Parts.Select(p => (nint)placement.ReadChannelsLast(p))];
        placement.Add(new ConcatKernel(step, parts, placement.WriteChannelsLast(step.Y)));
        return true;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run()
    {
        var form = Placement.FormOf(step.Y)!;
        int channel = 0;
        for (int p = 0; p < parts.Length; p++)
        {
            var part = Placement.FormOf(step.Parts[p])!;
            var from = (sbyte*)parts[p];
            sbyte* to = y + channel;
            for (int i = 0; i < form.Pixels; i++, from += part.Stride, to += form.Stride)
            {
                Copy(from, part.Planes.Channels, to);
            }

            channel += part.Planes.Channels;
        }
    }

    // Not a byte more: the next pixel's first channels are there already.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(sbyte* from, int count, sbyte* to)
    {
        int i = 0;
        for (; i <= count - Vector128<sbyte>.Count; i += Vector128<sbyte>.Count)
        {
            Vector128.Load(from + i).Store(to + i);
        }

        for (; i < count; i++)
        {
            to[i] = from[i];
        }
    }
}
