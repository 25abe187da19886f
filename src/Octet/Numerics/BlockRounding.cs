namespace Octet.Numerics;

/// <summary>Weights as uint4 in blocks of successive values of a row, each block with its own scale and zero point.</summary>
public sealed class BlockRounding
{
    private const int Most = 15;
    private const int PanelLength = 1 << 20;

    // The share of the range that is kept, the rest being clipped.
    private static readonly float[] Shares = [1, 0.95f, 0.9f, 0.85f, 0.8f, 0.75f, 0.7f];

    private readonly ChannelRows rows;
    private readonly int rowLength;

    private BlockRounding(ChannelRows rows, int blockSize)
    {
        this.rows = rows;
        rowLength = checked((int)rows.RowLength);
        BlockSize = blockSize;
        Blocks = (rowLength + blockSize - 1) / blockSize;
        Scales = new float[rows.Channels * Blocks];
        ZeroPoints = new byte[Scales.Length];
    }

    /// <summary>Values of a block; even.</summary>
    public int BlockSize { get; }

    /// <summary>Blocks of a row; the last is filled up with zeros.</summary>
    public int Blocks { get; }

    /// <summary>One a block, row by row.</summary>
    public float[] Scales { get; }

    /// <summary>One a block, 0 to 15.</summary>
    public byte[] ZeroPoints { get; }

    /// <summary>Two values a byte, the first in the low half: [rows, <see cref="Blocks"/>, <see cref="BlockSize"/> / 2]; computed when they are read.</summary>
    public TensorStorage Values => new ComputedStorage(rows.Channels * RowBytes, Fill);

    private int RowBytes => Blocks * BlockSize / 2;

    private int PanelRows => Math.Max(1, PanelLength / rowLength);

    /// <summary>Chooses scales and zero points.</summary>
    /// <param name="rows">Real weights.</param>
    /// <param name="blockSize">Even, ≥ 2.</param>
    /// <param name="search">Whether narrower ranges are tried, too, and the scale with the least squared error is taken.</param>
    public static BlockRounding Of(ChannelRows rows, int blockSize, bool search)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var rounding = new BlockRounding(rows, blockSize);
        rounding.ForEachRow(0, rows.Channels, (row, values) =>
        {
            for (int b = 0; b < rounding.Blocks; b++)
            {
                var block = rounding.Block(values, b);
                (rounding.Scales[(row * rounding.Blocks) + b], rounding.ZeroPoints[(row * rounding.Blocks) + b]) = Best(block, search ? Shares : Shares.AsSpan(0, 1));
            }
        });
        return rounding;
    }

    private ReadOnlySpan<float> Block(ReadOnlySpan<float> row, int block)
        => row.Slice(block * BlockSize, Math.Min(BlockSize, rowLength - (block * BlockSize)));

    private static (float Scale, byte ZeroPoint) Best(ReadOnlySpan<float> block, ReadOnlySpan<float> shares)
    {
        float low = 0;
        float high = 0;
        foreach (float value in block)
        {
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        (float Scale, byte ZeroPoint) best = (1, 0);
        double least = double.PositiveInfinity;
        foreach (float share in shares)
        {
            float scale = (high - low) * share / Most;
            if (!float.IsNormal(scale))
            {
                break;
            }

            byte zeroPoint = (byte)Math.Clamp(MathF.Round(-low * share / scale), 0, Most);
            Try(block, scale, zeroPoint);
            if (shares.Length > 1)
            {
                // With the rounded values kept, this scale has the least squared error (linear regression through zero).
                Try(block, Regressed(block, scale, zeroPoint), zeroPoint);
            }
        }

        return best;

        void Try(ReadOnlySpan<float> values, float scale, byte zeroPoint)
        {
            double error = SquaredError(values, scale, zeroPoint);
            if (error < least && float.IsNormal(scale) && scale > 0)
            {
                (least, best) = (error, (scale, zeroPoint));
            }
        }
    }

    private static float Regressed(ReadOnlySpan<float> block, float scale, byte zeroPoint)
    {
        double products = 0;
        double squares = 0;
        foreach (float value in block)
        {
            double integer = Round(value, scale, zeroPoint) - zeroPoint;
            products += integer * value;
            squares += integer * integer;
        }

        return (float)(products / squares);
    }

    private static double SquaredError(ReadOnlySpan<float> block, float scale, byte zeroPoint)
    {
        double sum = 0;
        foreach (float value in block)
        {
            double error = value - ((Round(value, scale, zeroPoint) - zeroPoint) * (double)scale);
            sum += error * error;
        }

        return sum;
    }

    private static int Round(float value, float scale, byte zeroPoint) => (int)Math.Clamp(MathF.Round(value / scale) + zeroPoint, 0, Most);

    private void Fill(long offset, Span<byte> bytes)
    {
        var result = new byte[bytes.Length];
        long last = (offset + bytes.Length - 1) / RowBytes;
        ForEachRow(offset / RowBytes, bytes.IsEmpty ? offset / RowBytes : last + 1, (row, values) =>
        {
            for (int k = 0; k < Blocks * BlockSize; k++)
            {
                long at = (row * RowBytes) + (k / 2) - offset;
                if (at >= 0 && at < result.Length)
                {
                    long block = (row * Blocks) + (k / BlockSize);
                    int integer = k < rowLength ? Round(values[k], Scales[block], ZeroPoints[block]) : ZeroPoints[block];
                    result[at] |= (byte)(integer << (k % 2 * 4));
                }
            }
        });
        result.CopyTo(bytes);
    }

    private void ForEachRow(long first, long end, RowVisitor visit)
    {
        var panel = new float[(int)Math.Min(PanelRows, Math.Max(1, end - first)) * rowLength];
        for (long row = first; row < end; row += PanelRows)
        {
            int count = (int)Math.Min(PanelRows, end - row);
            rows.Read(row, count, panel);
            for (int r = 0; r < count; r++)
            {
                visit(row + r, panel.AsSpan(r * rowLength, rowLength));
            }
        }
    }

    private delegate void RowVisitor(long row, ReadOnlySpan<float> values);
}
