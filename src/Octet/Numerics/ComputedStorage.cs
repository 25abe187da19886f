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
    public override ReadOnlyMemory<byte> ToMemory() => count <= int.MaxValue ? Compute(0, (int)count) : base.ToMemory();

    private byte[] Compute(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, count - length);
        var bytes = new byte[length];
        fill(offset, bytes);
        return bytes;
    }
}
