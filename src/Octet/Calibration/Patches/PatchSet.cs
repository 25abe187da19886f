using System.Collections.Immutable;
using Octet.Calibration.Statistics;

namespace Octet.Calibration.Patches;

/// <summary>Sampled rows of what a layer reads.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Rows">The rows, one behind the other, in the order of their hashes.</param>
/// <param name="Count">Number of rows.</param>
/// <param name="Keys">The hash of each row: ascending, none twice.</param>
public sealed record PatchSet(PatchRequest Request, float[] Rows, int Count, ulong[] Keys)
{
    private const int MostAxes = 16;

    /// <summary>Length of a row, all groups together; 0 without rows.</summary>
    public int RowLength => Count == 0 ? 0 : Rows.Length / Count;

    /// <summary>The part of all rows that the weights of one group see: [Count, RowLength / groups].</summary>
    /// <param name="group">0 to groups − 1.</param>
    /// <param name="most">At most so many rows, the first.</param>
    public float[] OfGroup(int group, int most = int.MaxValue)
    {
        int groups = Request.Geometry.Groups;
        int length = RowLength / groups;
        int count = Math.Min(most, Count);
        var result = new float[count * length];
        for (int i = 0; i < count; i++)
        {
            Rows.AsSpan((i * RowLength) + (group * length), length).CopyTo(result.AsSpan(i * length));
        }

        return result;
    }

    /// <summary>The rows that one collector would have kept of the samples of both: those with the smallest hashes.</summary>
    /// <exception cref="ArgumentException">They were not asked for alike.</exception>
    public PatchSet With(PatchSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!Request.IsLike(other.Request) || (Count > 0 && other.Count > 0 && RowLength != other.RowLength))
        {
            throw new ArgumentException($"The rows of {Request.Layer} were not asked for alike.", nameof(other));
        }

        var all = Enumerable.Range(0, Count).Select(i => (Key: Keys[i], From: this, Row: i))
            .Concat(Enumerable.Range(0, other.Count).Select(i => (Key: other.Keys[i], From: other, Row: i)))
            .OrderBy(r => r.Key).Take(Request.Rows).ToArray();
        int length = Math.Max(RowLength, other.RowLength);
        var rows = new float[all.Length * length];
        for (int i = 0; i < all.Length; i++)
        {
            all[i].From.Rows.AsSpan(all[i].Row * length, length).CopyTo(rows.AsSpan(i * length));
        }

        return new PatchSet(Request, rows, all.Length, [.. all.Select(r => r.Key)]);
    }

    internal void Write(StatisticWriter writer)
    {
        writer.WriteText(Request.Layer);
        writer.WriteText(Request.Tensor);
        writer.WriteCount(Request.Rows);
        WriteGeometry(writer);
        writer.WriteCount(RowLength);
        writer.WriteCount(Count);
        foreach (ulong key in Keys)
        {
            writer.WriteInt64((long)key);
        }

        writer.WriteSingles(Rows);
    }

    internal static PatchSet Read(StatisticReader reader)
    {
        string layer = reader.ReadText();
        string tensor = reader.ReadText();
        int wanted = (int)reader.ReadCount(int.MaxValue);
        var geometry = ReadGeometry(reader);
        int length = reader.ReadLength(sizeof(float));
        int count = (int)reader.ReadCount(Math.Min(wanted, reader.Left / (sizeof(ulong) + ((long)length * sizeof(float)))));
        var keys = new ulong[count];
        for (int i = 0; i < count; i++)
        {
            keys[i] = (ulong)reader.ReadInt64();
            if (i > 0 && keys[i] <= keys[i - 1])
            {
                throw reader.Malformed("rows out of order");
            }
        }

        var rows = new float[count * length];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = reader.ReadSingle();
            if (!float.IsFinite(rows[i]))
            {
                throw reader.Malformed("a row that is not finite");
            }
        }

        return geometry.Groups > 0 && length % geometry.Groups == 0
            ? new PatchSet(new PatchRequest(layer, tensor, geometry, wanted), rows, count, keys)
            : throw reader.Malformed($"rows of {length} values in {geometry.Groups} groups");
    }

    private void WriteGeometry(StatisticWriter writer)
    {
        if (Request.Geometry is not PatchGeometry.Convolution convolution)
        {
            writer.WriteCount(0);
            return;
        }

        writer.WriteCount(convolution.Kernel.Length);
        foreach (int number in convolution.Kernel.Concat(convolution.Strides).Concat(convolution.Dilations).Concat(convolution.Pads))
        {
            writer.WriteInt64(number);
        }

        writer.WriteText(convolution.AutoPad);
        writer.WriteCount(convolution.GroupCount);
    }

    private static PatchGeometry ReadGeometry(StatisticReader reader)
    {
        int axes = (int)reader.ReadCount(MostAxes);
        if (axes == 0)
        {
            return new PatchGeometry.Rows();
        }

        ImmutableArray<int> Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (int)Math.Clamp(reader.ReadInt64(), int.MinValue, int.MaxValue))];
        return new PatchGeometry.Convolution(Numbers(axes), Numbers(axes), Numbers(axes), Numbers(2 * axes), reader.ReadText(), (int)reader.ReadCount(int.MaxValue));
    }
}
