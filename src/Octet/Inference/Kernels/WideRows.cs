using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Octet.Inference.Kernels;

/// <summary>The inputs of sums as rows of shorts as they are held, with their zero point: what it adds to a sum is taken off the bias.</summary>
internal abstract unsafe class WideRows
{
    /// <summary>Inputs of a sum.</summary>
    public abstract int Depth { get; }

    /// <summary>Shorts from one row to the next, even.</summary>
    public int Length => (Depth + 1) / 2 * 2;

    /// <summary>Makes ready what all rows of a run are taken from.</summary>
    public virtual void Begin()
    {
    }

    /// <summary>Lays rows one after the other. What is written beyond a row's end is the next one's to write over; beyond the last there is room for a vector.</summary>
    /// <param name="group">The group of channels.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many.</param>
    /// <param name="to">Where to.</param>
    public abstract void Stage(int group, int first, int count, short* to);

    /// <summary>Copies shorts, in whole vectors: up to seven more are read and written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static void Copy(short* from, int count, short* to)
    {
        for (int i = 0; i < count; i += Vector128<short>.Count)
        {
            Vector128.Load(from + i).Store(to + i);
        }
    }
}
