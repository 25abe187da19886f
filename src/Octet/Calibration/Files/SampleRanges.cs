using System.Collections.Immutable;
using Octet.Calibration.Statistics;

namespace Octet.Calibration.Files;

/// <summary>Which samples of a data set were seen: ranges [From, To) that ascend and do not touch.</summary>
public sealed class SampleRanges : IEquatable<SampleRanges>
{
    private SampleRanges(ImmutableArray<(int From, int To)> ranges)
    {
        All = ranges;
    }

    /// <summary>The ranges.</summary>
    public ImmutableArray<(int From, int To)> All { get; }

    /// <summary>Number of samples.</summary>
    public int Count => All.Sum(r => r.To - r.From);

    /// <summary>One range.</summary>
    /// <param name="from">Index of the first sample.</param>
    /// <param name="to">Index behind the last.</param>
    public static SampleRanges Of(int from, int to) => new(from < to ? [(from, to)] : []);

    /// <summary>Whether any sample is in both.</summary>
    public bool Overlaps(SampleRanges other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return All.Any(a => other.All.Any(b => a.From < b.To && b.From < a.To));
    }

    /// <summary>The samples of both; they must not overlap.</summary>
    public SampleRanges With(SampleRanges other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var joined = new List<(int From, int To)>();
        foreach (var range in All.Concat(other.All).Order())
        {
            if (joined.Count > 0 && joined[^1].To == range.From)
            {
                joined[^1] = (joined[^1].From, range.To);
            }
            else
            {
                joined.Add(range);
            }
        }

        return new SampleRanges([.. joined]);
    }

    /// <inheritdoc/>
    public bool Equals(SampleRanges? other) => other is not null && All.AsSpan().SequenceEqual(other.All.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SampleRanges);

    /// <inheritdoc/>
    public override int GetHashCode() => All.Aggregate(All.Length, HashCode.Combine);

    /// <summary>For example <c>0–63, 128–191</c>.</summary>
    public override string ToString() => string.Join(", ", All.Select(r => FormattableString.Invariant($"{r.From}–{r.To - 1}")));

    internal void Write(StatisticWriter writer)
    {
        writer.WriteCount(All.Length);
        int end = 0;
        foreach (var (from, to) in All)
        {
            writer.WriteCount(from - end);
            writer.WriteCount(to - from);
            end = to;
        }
    }

    internal static SampleRanges Read(StatisticReader reader, int samples)
    {
        var ranges = ImmutableArray.CreateBuilder<(int, int)>();
        int end = 0;
        for (int left = reader.ReadLength(2); left > 0; left--)
        {
            int from = end + (int)reader.ReadCount(samples - end);
            if (ranges.Count > 0 && from == end)
            {
                throw reader.Malformed("ranges of samples that touch");
            }

            end = from + (int)reader.ReadCount(samples - from);
            if (end == from)
            {
                throw reader.Malformed("an empty range of samples");
            }

            ranges.Add((from, end));
        }

        return new SampleRanges(ranges.DrainToImmutable());
    }
}
