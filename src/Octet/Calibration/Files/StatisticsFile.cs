using System.Collections.Immutable;
using System.Security.Cryptography;
using Octet.Calibration.Patches;
using Octet.Calibration.Statistics;
using Octet.Formats;
using Octet.Numerics;

namespace Octet.Calibration.Files;

/// <summary>Reads and writes files of statistics (.octs). README.md in this folder describes the format.</summary>
public static class StatisticsFile
{
    private const int Version = 1;
    private const int MostEntries = 1_000_000;
    private const int MostGroups = 64;
    private const int MostRank = 32;
    private const int TensorBytes = 1 << 10;

    // Of a tensor: room that mostly suffices, so that nothing is copied while it is written.
    private const long UsualBytes = 96 << 10;
    private const int LeastConflictBytes = 11;

    // More than .NET reads at once; a file of a network of a thousand tensors has some 50 MB.
    private const long MostBytes = 1 << 30;

    private static ReadOnlySpan<byte> Magic => [0x89, (byte)'O', (byte)'C', (byte)'T', (byte)'S', (byte)'\r', (byte)'\n', 0x1A];

    /// <summary>Writes a file, which appears complete or not at all. Equal statistics give equal bytes.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.OutputNotWritable"/>.</exception>
    public static void Write(CalibrationStatistics statistics, string path)
    {
        var content = ContentOf(statistics);
        using var files = new OutputFiles();
        files.Write(Path.GetFullPath(path), stream =>
        {
            stream.Write(Magic);
            stream.Write(content.Written);
            stream.Write(SHA256.HashData(content.Written));
        });
        files.Commit();
    }

    /// <summary>The bytes of a file.</summary>
    public static byte[] ToBytes(CalibrationStatistics statistics)
    {
        var content = ContentOf(statistics);
        return [.. Magic, .. content.Written, .. SHA256.HashData(content.Written)];
    }

    private static StatisticWriter ContentOf(CalibrationStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        var writer = new StatisticWriter((int)Math.Min(Array.MaxLength, (statistics.Tensors.Count * UsualBytes) + statistics.Rows.Values.Sum(r => (long)r.Rows.Rows.Length * sizeof(float))));
        writer.WriteCount(Version);
        statistics.Origin.Write(writer);
        WriteAll(writer, statistics.Coverage, (key, ranges) =>
        {
            writer.WriteText(key);
            ranges.Write(writer);
        });
        WriteAll(writer, statistics.Types, (name, observed) =>
        {
            writer.WriteText(name);
            writer.WriteCount((int)observed.Type);
            writer.WriteCount(observed.Shape.Rank);
            foreach (long dimension in observed.Shape.Dimensions)
            {
                writer.WriteCount(dimension);
            }
        });
        WriteAll(writer, statistics.Tensors, (name, tensor) =>
        {
            writer.WriteText(name);
            writer.WriteText(tensor.Hash);
            writer.WriteCount(tensor.Statistics.Groups.Length);
            foreach (var group in tensor.Statistics.Groups)
            {
                group.Write(writer);
            }

            var needs = tensor.Statistics.Needs;
            writer.WriteCount(needs.Length);
            foreach (var need in needs)
            {
                var inner = new StatisticWriter();
                tensor.Statistics.Get(need).Write(inner);
                writer.WriteText(need.Key);
                writer.WriteBytes(inner.Written);
            }
        });
        WriteAll(writer, statistics.Rows, (_, rows) =>
        {
            writer.WriteText(rows.Hash);
            rows.Rows.Write(writer);
        });
        WriteAll(writer, statistics.Conflicts, (target, conflicts) =>
        {
            writer.WriteText(target);
            writer.WriteCount(conflicts.Length);
            foreach (var conflict in conflicts)
            {
                conflict.Write(writer);
            }
        });
        return writer;
    }

    /// <summary>Reads a file. Its content is not trusted.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.StatisticsMalformed"/>: it cannot be read, is of another kind or version, cut off or damaged.</exception>
    public static CalibrationStatistics Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (!stream.CanSeek || stream.Length > MostBytes)
            {
                throw new OctetException(ErrorCodes.StatisticsMalformed, $"\"{path}\" is no file of statistics: {(stream.CanSeek ? $"it has more than {MostBytes} bytes" : "it is a pipe or device")}", "name a file that octet calibrate wrote");
            }

            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return FromBytes(bytes, $"\"{path}\"");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new OctetException(ErrorCodes.StatisticsMalformed, $"\"{path}\" cannot be read: {e.Message}", "name a file that octet calibrate wrote", e);
        }
    }

    /// <summary>Reads the bytes of a file.</summary>
    /// <param name="bytes">The bytes; not trusted.</param>
    /// <param name="place">What they are, for messages.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.StatisticsMalformed"/>.</exception>
    public static CalibrationStatistics FromBytes(ReadOnlyMemory<byte> bytes, string place)
    {
        var whole = new StatisticReader(bytes, place);
        if (!bytes.Span.StartsWith(Magic) || bytes.Length < Magic.Length + SHA256.HashSizeInBytes)
        {
            throw whole.Malformed("no OCTS mark");
        }

        var content = bytes[Magic.Length..^SHA256.HashSizeInBytes];
        if (!SHA256.HashData(content.Span).AsSpan().SequenceEqual(bytes.Span[^SHA256.HashSizeInBytes..]))
        {
            throw whole.Malformed("content that does not fit its checksum");
        }

        var reader = new StatisticReader(content, place);
        if (reader.ReadCount() is var version && version != Version)
        {
            throw reader.Malformed($"version {version} where {Version} is read");
        }

        var origin = StatisticsOrigin.Read(reader);
        int samples = origin.Samples.Length;
        var result = new CalibrationStatistics
        {
            Origin = origin,
            Coverage = ReadAll(reader, r => (r.ReadText(), SampleRanges.Read(r, samples))),
            Types = ReadAll(reader, ReadType),
            Tensors = ReadAll(reader, r => ReadTensor(r)),
            Rows = ReadAll(reader, r => new ObservedRows(r.ReadText(), PatchSet.Read(r)) is var rows ? (rows.Rows.Request.Layer, rows) : default),
            Conflicts = ReadAll(reader, r => (r.ReadText(), r.ReadSeveral(LeastConflictBytes, RangeConflict.Read))),
        };
        reader.End();
        Check(result, reader);
        return result;
    }

    private static void Check(CalibrationStatistics statistics, StatisticReader reader)
    {
        foreach (var (name, tensor) in statistics.Tensors)
        {
            if (tensor.Statistics.Needs.FirstOrDefault(n => !statistics.Coverage.ContainsKey(n.Key)) is { } need)
            {
                throw reader.Malformed($"{need.Key} of tensor \"{name}\" without the samples that it saw");
            }
        }

        if (statistics.Tensors.Count > 0 && !statistics.Coverage.ContainsKey(CalibrationStatistics.HistogramKey))
        {
            throw reader.Malformed("histograms without the samples that they saw");
        }
    }

    private static (string, (ElementType, Shape)) ReadType(StatisticReader reader)
    {
        string name = reader.ReadText();
        var type = (ElementType)reader.ReadCount(int.MaxValue);
        if (!Enum.IsDefined(type))
        {
            throw reader.Malformed($"element type {(int)type}");
        }

        long[] dimensions = new long[reader.ReadCount(MostRank)];
        double count = 1;
        for (int i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = reader.ReadCount();
            count *= dimensions[i];
        }

        return count < long.MaxValue ? (name, (type, new Shape(dimensions))) : throw reader.Malformed("a shape of more values than can be");
    }

    private static (string, ObservedTensor) ReadTensor(StatisticReader reader)
    {
        string name = reader.ReadText();
        string hash = reader.ReadText();
        reader.Reserve(TensorBytes);
        var groups = ImmutableArray.CreateBuilder<LogLinearHistogram>();
        int count = (int)reader.ReadCount(MostGroups);
        for (int i = 0; i < count; i++)
        {
            groups.Add(LogLinearHistogram.Read(reader));
        }

        if (count == 0)
        {
            throw reader.Malformed("a tensor without a histogram");
        }

        var statistics = new TensorStatistics(groups.DrainToImmutable());
        for (int left = reader.ReadLength(2); left > 0; left--)
        {
            string key = reader.ReadText();
            var need = StatisticNeeds.Find(key) ?? throw reader.Malformed($"a statistic \"{key}\" that this version does not know");
            if (statistics.Has(need) || need.Requires.Any(r => !statistics.Has(r)))
            {
                throw reader.Malformed($"{key} twice, or without what it requires");
            }

            reader.ReadPart(statistics.Begin(need).Read);
        }

        return (name, new ObservedTensor(hash, statistics));
    }

    private static void WriteAll<T>(StatisticWriter writer, ImmutableSortedDictionary<string, T> entries, Action<string, T> write)
    {
        writer.WriteCount(entries.Count);
        foreach (var (name, entry) in entries)
        {
            write(name, entry);
        }
    }

    private static ImmutableSortedDictionary<string, T> ReadAll<T>(StatisticReader reader, Func<StatisticReader, (string Name, T Value)> read)
    {
        var entries = ImmutableSortedDictionary.CreateBuilder<string, T>(StringComparer.Ordinal);
        int count = (int)reader.ReadCount(Math.Min(reader.Left / 2, MostEntries));
        for (int i = 0; i < count; i++)
        {
            var (name, value) = read(reader);
            if (!entries.TryAdd(name, value))
            {
                throw reader.Malformed($"\"{name}\" twice");
            }
        }

        return entries.ToImmutable();
    }
}
