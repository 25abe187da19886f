using Octet.Data;

namespace Octet;

/// <summary>A few samples for measures that need not see all.</summary>
internal static class SampleSpread
{
    /// <summary>Loads samples taken evenly from all, at most <paramref name="most"/>.</summary>
    public static Sample[] Spread(this ISampleSource samples, int most)
    {
        int count = Math.Min(most, samples.Count);
        return [.. Enumerable.Range(0, count).Select(i => samples.Load((int)((long)i * samples.Count / count)))];
    }
}
