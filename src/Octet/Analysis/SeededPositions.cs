namespace Octet.Analysis;

/// <summary>
/// Positions in a tensor, drawn with repetition by a linear congruential generator (PPQ 0.6.6, ppq/utils/fetch.py), so that a program on other hardware can draw the same:
/// position = seed mod n, then seed = (214013 · seed + 2531011) mod 2³².
/// </summary>
public static class SeededPositions
{
    /// <summary>The seed of PPQ's analyses and dumps.</summary>
    public const uint DefaultSeed = 10086;

    /// <summary>Draws positions.</summary>
    /// <param name="count">How many, ≥ 0.</param>
    /// <param name="elements">Number of values, ≥ 1.</param>
    /// <param name="seed">Where to begin.</param>
    /// <returns>Each from 0 to <paramref name="elements"/> − 1.</returns>
    public static int[] Draw(int count, int elements, uint seed = DefaultSeed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(elements, 1);
        var positions = new int[count];
        for (int i = 0; i < count; i++)
        {
            positions[i] = (int)(seed % (uint)elements);
            seed = unchecked((214013 * seed) + 2531011);
        }

        return positions;
    }

    /// <summary>The values at positions.</summary>
    public static float[] Take(ReadOnlySpan<float> values, ReadOnlySpan<int> positions)
    {
        var taken = new float[positions.Length];
        for (int i = 0; i < taken.Length; i++)
        {
            taken[i] = values[positions[i]];
        }

        return taken;
    }
}
