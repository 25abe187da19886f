using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Octet.Inference.Kernels;

/// <summary>Memory that stays where it is, at the start of a cache line, with a vector's room behind its end for kernels that read or write whole vectors. Zero at first.</summary>
/// <typeparam name="T">Type of the elements.</typeparam>
internal sealed unsafe class AlignedMemory<T>
    where T : unmanaged
{
    /// <summary>Bytes of a cache line and of the widest vector.</summary>
    public const int Alignment = 64;

    private readonly byte[] bytes;

    /// <summary>Makes room.</summary>
    /// <param name="length">Number of elements.</param>
    public AlignedMemory(int length)
    {
        bytes = GC.AllocateArray<byte>(checked((length * sizeof(T)) + (2 * Alignment)), pinned: true);
        Length = length;
        nuint start = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(bytes));
        Start = (T*)((start + Alignment - 1) & ~(nuint)(Alignment - 1));
    }

    /// <summary>Copies values.</summary>
    public AlignedMemory(ReadOnlySpan<T> values)
        : this(values.Length) => values.CopyTo(Span);

    /// <summary>Number of elements.</summary>
    public int Length { get; }

    /// <summary>The first element; valid as long as this object is.</summary>
    public T* Start { get; }

    /// <summary>All elements.</summary>
    public Span<T> Span => new(Start, Length);
}
