using System.Buffers;
using Octet.Numerics;

namespace Octet.Formats.Onnx;

/// <summary>Bytes of a tensor in a memory-mapped file: they take address space, and memory only while the system keeps their pages.</summary>
internal sealed class MappedStorage(MappedFile file, long offset, long length) : TensorStorage
{
    /// <summary>The file that holds the bytes.</summary>
    public MappedFile File => file;

    /// <inheritdoc/>
    public override long Length => length;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Slice(long offset1, int length1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset1);
        ArgumentOutOfRangeException.ThrowIfNegative(length1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset1, length - length1);
        return file.Slice(offset + offset1, length1);
    }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> ToMemory() => length <= int.MaxValue
        ? new View(this).Memory
        : base.ToMemory();

    private sealed class View(MappedStorage storage) : MemoryManager<byte>
    {
        public override Memory<byte> Memory => CreateMemory((int)storage.Length);

        public override Span<byte> GetSpan()
        {
            var bytes = storage.Slice(0, (int)storage.Length);
            return System.Runtime.InteropServices.MemoryMarshal.CreateSpan(
                ref System.Runtime.InteropServices.MemoryMarshal.GetReference(bytes), bytes.Length);
        }

        public override unsafe MemoryHandle Pin(int elementIndex = 0)
            => new(System.Runtime.CompilerServices.Unsafe.AsPointer(ref GetSpan()[elementIndex]), pinnable: this);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
