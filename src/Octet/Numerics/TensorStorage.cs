namespace Octet.Numerics;

/// <summary>
/// Where the bytes of a tensor lie: in memory, or in a file that is mapped on demand. Read-only, so that tensors can be shared
/// by graphs and threads.
/// </summary>
public abstract class TensorStorage
{
    /// <summary>Length in bytes; may exceed 2 GB.</summary>
    public abstract long Length { get; }

    /// <summary>A view of a part of the bytes.</summary>
    /// <param name="offset">First byte, 0 to <see cref="Length"/>.</param>
    /// <param name="length">Number of bytes; offset + length ≤ <see cref="Length"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie inside the storage.</exception>
    public abstract ReadOnlySpan<byte> Slice(long offset, int length);

    /// <summary>All the bytes as one piece of memory: a view where the storage allows it, else a copy.</summary>
    /// <exception cref="InvalidOperationException">There are more than 2 GB.</exception>
    public virtual ReadOnlyMemory<byte> ToMemory() => Length <= int.MaxValue
        ? Slice(0, (int)Length).ToArray()
        : throw new InvalidOperationException($"{Length} bytes do not fit one piece of memory; read them in slices.");

    /// <summary>Bytes of an array, not copied.</summary>
    public static TensorStorage FromMemory(ReadOnlyMemory<byte> bytes) => new MemoryStorage(bytes);

    private sealed class MemoryStorage(ReadOnlyMemory<byte> bytes) : TensorStorage
    {
        public override long Length => bytes.Length;

        public override ReadOnlySpan<byte> Slice(long offset, int length) => bytes.Span.Slice(checked((int)offset), length);

        public override ReadOnlyMemory<byte> ToMemory() => bytes;
    }
}
