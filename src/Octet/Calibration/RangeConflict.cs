using System.Collections.Immutable;
using Octet.Calibration.Statistics;

namespace Octet.Calibration;

/// <summary>A tensor whose parts have ranges so unlike that one scale cannot hold them, and what is kept float for it.</summary>
/// <param name="Tensor">Its name.</param>
/// <param name="Kind">What has those parts, in words: <c>its inputs</c>, for example.</param>
/// <param name="Smaller">Largest magnitude of the smaller part.</param>
/// <param name="Larger">Smallest of the larger parts' largest magnitudes.</param>
/// <param name="KeptFloat">Keys of the layers that stay float so that no integer tensor holds both.</param>
public sealed record RangeConflict(string Tensor, string Kind, float Smaller, float Larger, ImmutableArray<string> KeptFloat)
{
    /// <summary>The kind of a sum with a mask of large negative values.</summary>
    public const string Mask = "the values and the mask";

    /// <summary>Names of the tensors that get 16 bits, in place of layers that stay float; not in files of statistics, which hold no samples to judge it by.</summary>
    public ImmutableArray<string> Widened { get; init; } = [];

    /// <summary>What the remedies cost where both were tried, in words; null where there was no choice.</summary>
    public string? Judged { get; init; }

    /// <summary>Bits of a widened tensor.</summary>
    public const int WideBits = 16;

    /// <summary>The conflict in words.</summary>
    public string Text => FormattableString.Invariant($"{Kind} of \"{Tensor}\" reach {Smaller:G3} and {Larger:G3}, which one scale cannot hold");

    internal void Write(StatisticWriter writer)
    {
        writer.WriteText(Tensor);
        writer.WriteText(Kind);
        writer.WriteSingle(Smaller);
        writer.WriteSingle(Larger);
        writer.WriteCount(KeptFloat.Length);
        foreach (string layer in KeptFloat)
        {
            writer.WriteText(layer);
        }
    }

    internal static RangeConflict Read(StatisticReader reader)
    {
        var conflict = new RangeConflict(reader.ReadText(), reader.ReadText(), reader.ReadSingle(), reader.ReadSingle(), []);
        return conflict with { KeptFloat = reader.ReadSeveral(1, r => r.ReadText()) };
    }
}
