using System.Collections.Immutable;

namespace Octet.Calibration.Statistics;

/// <summary>Sums over all values of a tensor, one for each candidate that the extremes of the first sweep fix.</summary>
/// <param name="need">Tells a sample's sums.</param>
/// <param name="range">What the candidates stand on, as the first sweep found it.</param>
public sealed class CandidateSums(CandidateSumsNeed need, ValueRange range) : Statistic
{
    private readonly ExactSum[] sums = [.. Enumerable.Range(0, need.Candidates).Select(_ => new ExactSum())];
    private readonly Lock gate = new();

    /// <summary>What the candidates stand on.</summary>
    public ValueRange Range => range;

    /// <summary>The sums, candidate by candidate.</summary>
    public ImmutableArray<double> Sums => [.. sums.Select(s => s.ToDouble())];

    /// <inheritdoc/>
    public override void Add(SampleValues values)
    {
        double[] own = new double[sums.Length];
        need.Sum(values, range, own);
        lock (gate)
        {
            for (int i = 0; i < own.Length; i++)
            {
                sums[i].Add(own[i]);
            }
        }
    }

    /// <inheritdoc/>
    public override void Merge(Statistic other)
    {
        var others = (CandidateSums)other;
        if (others.Range != range)
        {
            throw new InvalidOperationException($"Sums over {others.Range} do not merge into sums over {range}.");
        }

        lock (gate)
        {
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i].Add(others.sums[i]);
            }
        }
    }

    /// <inheritdoc/>
    public override void Write(StatisticWriter writer)
    {
        writer.WriteSingle(range.Min);
        writer.WriteSingle(range.Max);
        foreach (var sum in sums)
        {
            sum.Write(writer);
        }
    }

    /// <inheritdoc/>
    public override void Read(StatisticReader reader)
    {
        var written = new ValueRange(reader.ReadSingle(), reader.ReadSingle());
        if (written != range)
        {
            throw reader.Malformed("sums over other ends than those of the first sweep");
        }

        reader.Reserve((long)sums.Length * ExactSum.Bytes);
        foreach (var sum in sums)
        {
            sum.Read(reader);
        }
    }
}
