using System.Buffers;

namespace Octet.Numerics;

/// <summary>Bytes that are computed whenever they are asked for, so that a tensor can be written piece by piece without ever being in memory as a whole.</summary>
/// <param name="count">Number of bytes.</param>
/// <param name="fill">Computes the bytes from an offset on, as many as the span takes; gives the same ones every time, on any thread.</param>
public sealed class ComputedStorage(long count, Action<long, Span<byte>> fill) : TensorStorage
{
    /// <inheritdoc/>
    public override long Length => count;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Slice(long offset, int length) => Compute(offset, length);

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> ToMemory() => count <= int.MaxValue ? new View(this).Memory : base.ToMemory();

    private byte[] Compute(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, count - length);
        var bytes = new byte[length];
        fill(offset, bytes);
        return bytes;
    }

    /// <summary>Memory that is computed when it is looked at, so that many tensors of one message are never in memory at once.</summary>
    private sealed class View(ComputedStorage storage) : MemoryManager<byte>
    {
        public override Memory<byte> Memory => CreateMemory((int)storage.Length);

        public override Span<byte> GetSpan() => storage.Compute(0, (int)storage.Length);

        public override MemoryHandle Pin(int elementIndex = 0)
        {
            var handle = System.Runtime.InteropServices.GCHandle.Alloc(
                storage.Compute(0, (int)storage.Length), System.Runtime.InteropServices.GCHandleType.Pinned);
            unsafe
            {
                return new MemoryHandle((byte*)handle.AddrOfPinnedObject() + elementIndex, handle, this);
            }
        }

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
