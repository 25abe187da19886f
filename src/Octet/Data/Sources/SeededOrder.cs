namespace Octet.Data.Sources;

/// <summary>
/// Shuffles by Fisher and Yates with numbers from SplitMix64 (Steele, Lea, Flood 2014, "Fast Splittable Pseudorandom Number
/// Generators"). Ours, because an order that a manifest promises may not change with the runtime's generator.
/// </summary>
internal static class SeededOrder
{
    /// <summary>Shuffles in place; equal seeds give equal orders.</summary>
    internal static void Shuffle(Span<int> values, ulong seed)
    {
        ulong state = seed;
        for (int last = values.Length - 1; last > 0; last--)
        {
            // The high half of the product: a number from 0 to last, biased by less than 2⁻³².
            int other = (int)Math.BigMul(Next(ref state), (ulong)last + 1, out _);
            (values[last], values[other]) = (values[other], values[last]);
        }
    }

    private static ulong Next(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
