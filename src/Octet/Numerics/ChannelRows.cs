using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Octet.Numerics;

/// <summary>A tensor of 32-bit floats seen as one row for each index of an axis. It is read in pieces, so that it may be larger than memory.</summary>
public sealed class ChannelRows
{
    private const int PieceLength = 1 << 18;

    private readonly Tensor tensor;
    private readonly long outer;
    private readonly long inner;

    /// <summary>Looks at a tensor.</summary>
    /// <param name="tensor">Of type <see cref="ElementType.Float32"/>, not empty.</param>
    /// <param name="axis">0 to rank − 1.</param>
    /// <exception cref="ArgumentException">The tensor is of another type or empty.</exception>
    public ChannelRows(Tensor tensor, int axis)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Type != ElementType.Float32 || tensor.Count == 0)
        {
            throw new ArgumentException($"Rows are of floats, not of {tensor}.", nameof(tensor));
        }

        this.tensor = tensor;
        Channels = tensor.Shape[axis];
        outer = 1;
        for (int i = 0; i < axis; i++)
        {
            outer *= tensor.Shape[i];
        }

        inner = tensor.Count / outer / Channels;
    }

    /// <summary>Number of rows.</summary>
    public long Channels { get; }

    /// <summary>Values of a row.</summary>
    public long RowLength => outer * inner;

    /// <summary>Copies rows.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="rows">Takes <paramref name="count"/> × <see cref="RowLength"/> values, one row behind the other.</param>
    public void Read(long first, int count, Span<float> rows)
    {
        int width = (int)inner;
        int length = (int)RowLength;
        for (int o = 0; o < outer; o++)
        {
            var piece = Floats(((o * Channels) + first) * inner, count * width);
            for (int c = 0; c < count; c++)
            {
                if (width == 1)
                {
                    rows[(c * length) + o] = piece[c];
                }
                else
                {
                    piece.Slice(c * width, width).CopyTo(rows[((c * length) + (o * width))..]);
                }
            }
        }
    }

    /// <summary>The largest magnitude of each row; NaN or infinity where a row holds one.</summary>
    public float[] LargestMagnitudes()
    {
        var largest = new float[Channels];
        Visit(0, tensor.Count, (values, channel, isRun, _) =>
        {
            for (int i = 0; i < values.Length && !isRun; i++)
            {
                largest[channel + i] = MathF.Max(largest[channel + i], MathF.Abs(values[i]));
            }

            if (isRun)
            {
                largest[channel] = MathF.Max(largest[channel], MathF.Abs(TensorPrimitives.MaxMagnitude(values)));
            }
        });
        return largest;
    }

    /// <summary>The tensor as int8, each row divided by its scale and rounded half to even; computed when it is read.</summary>
    /// <param name="scales">One a row, &gt; 0.</param>
    public Tensor ToInt8(float[] scales)
    {
        ArgumentNullException.ThrowIfNull(scales);
        return new Tensor(ElementType.Int8, tensor.Shape, new ComputedStorage(tensor.Count, (offset, bytes) =>
        {
            // The visitor cannot hold the span.
            var rounded = new sbyte[bytes.Length];
            Visit(offset, bytes.Length, (values, channel, isRun, position) =>
            {
                var target = rounded.AsSpan((int)(position - offset), values.Length);
                for (int i = 0; i < values.Length; i++)
                {
                    float scaled = MathF.Round(values[i] / scales[isRun ? channel : channel + i]);
                    target[i] = (sbyte)Math.Clamp(scaled, -sbyte.MaxValue, sbyte.MaxValue);
                }
            });
            MemoryMarshal.AsBytes<sbyte>(rounded).CopyTo(bytes);
        }));
    }

    /// <summary>
    /// Walks through values in the order in which they lie. A piece is a run of one row, or, where the axis is the last, one value of
    /// each of successive rows.
    /// </summary>
    private void Visit(long start, long count, PieceVisitor visit)
    {
        for (long position = start; position < start + count;)
        {
            int length = (int)Math.Min(PieceLength, start + count - position);
            var piece = Floats(position, length);
            for (int done = 0; done < length;)
            {
                long at = position + done;
                long channel = at / inner % Channels;
                bool isRun = inner > 1;
                int part = (int)Math.Min(length - done, isRun ? inner - (at % inner) : Channels - channel);
                visit(piece.Slice(done, part), channel, isRun, at);
                done += part;
            }

            position += length;
        }
    }

    private ReadOnlySpan<float> Floats(long start, int count)
        => MemoryMarshal.Cast<byte, float>(tensor.Storage.Slice(start * sizeof(float), count * sizeof(float)));

    private delegate void PieceVisitor(ReadOnlySpan<float> values, long channel, bool isRun, long position);
}
