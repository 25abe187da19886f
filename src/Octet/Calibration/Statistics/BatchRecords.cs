using Octet.Numerics;

namespace Octet.Calibration.Statistics;

/// <summary>
/// A few numbers a batch, by the batch's index. The values of a batch of several samples are held until all of them have come, or until
/// the end, where the last batch may be smaller.
/// </summary>
/// <param name="need">Measures a batch.</param>
public sealed class BatchRecords(BatchRecordsNeed need) : Statistic
{
    // A node of the dictionary and an array, besides its numbers.
    private const int RecordBytes = 128;

    private readonly SortedDictionary<int, float[]> records = [];
    private readonly Dictionary<int, SortedDictionary<int, float[]>> open = [];
    private readonly Lock gate = new();

    /// <summary>The numbers of each batch, in the order of the data set.</summary>
    public IReadOnlyList<float[]> InOrder
    {
        get
        {
            lock (gate)
            {
                Close();
                return [.. records.Values];
            }
        }
    }

    /// <summary>The same with the batches' indices.</summary>
    public IReadOnlyList<(int Index, float[] Record)> ByIndex
    {
        get
        {
            lock (gate)
            {
                Close();
                return [.. records.Select(r => (r.Key, r.Value))];
            }
        }
    }

    /// <inheritdoc/>
    public override void Add(SampleValues values)
    {
        int batch = values.Sample / need.BatchSize;
        if (need.BatchSize == 1)
        {
            float[] record = need.Measure(values);
            lock (gate)
            {
                records.Add(batch, record);
            }

            return;
        }

        float[] copy = values.Values.ToArray();
        SortedDictionary<int, float[]>? parts;
        lock (gate)
        {
            if (!open.TryGetValue(batch, out parts))
            {
                open.Add(batch, parts = []);
            }

            parts.Add(values.Sample, copy);
            if (parts.Count < need.BatchSize)
            {
                return;
            }

            open.Remove(batch);
        }

        float[] whole = Measure(batch, parts, values.Shape);
        lock (gate)
        {
            records.Add(batch, whole);
        }
    }

    /// <inheritdoc/>
    public override void Merge(Statistic other)
    {
        var others = (BatchRecords)other;
        lock (gate)
        {
            Close();
            others.Close();
            foreach (var (batch, record) in others.records)
            {
                if (!records.TryAdd(batch, record))
                {
                    throw new InvalidOperationException($"Batch {batch} is in both statistics.");
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void Write(StatisticWriter writer)
    {
        lock (gate)
        {
            Close();
            writer.WriteCount(records.Count);
            foreach (var (batch, record) in records)
            {
                writer.WriteCount(batch);
                writer.WriteCount(record.Length);
                foreach (float value in record)
                {
                    writer.WriteSingle(value);
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void Read(StatisticReader reader)
    {
        int count = reader.ReadLength(2);
        for (int i = 0; i < count; i++)
        {
            int batch = (int)reader.ReadCount(int.MaxValue);
            reader.Reserve(RecordBytes);
            float[] record = new float[reader.ReadLength(sizeof(float))];
            for (int j = 0; j < record.Length; j++)
            {
                record[j] = reader.ReadSingle();
            }

            if (!records.TryAdd(batch, record))
            {
                throw reader.Malformed($"batch {batch} twice");
            }
        }
    }

    private float[] Measure(int batch, SortedDictionary<int, float[]> parts, Shape shape)
    {
        // Samples of one size lie side by side, as a batch's would; others have no common shape.
        float[] values = [.. parts.Values.SelectMany(p => p)];
        bool alike = shape.Rank > 0 && parts.Values.All(p => p.Length == shape.Count);
        using var whole = new SampleValues(batch, values, alike ? new Shape([shape[0] * parts.Count, .. shape.Dimensions.Skip(1)]) : new Shape([values.Length]));
        return need.Measure(whole);
    }

    private void Close()
    {
        foreach (var (batch, parts) in open)
        {
            records.Add(batch, Measure(batch, parts, new Shape([parts.Values.First().Length])));
        }

        open.Clear();
    }
}
