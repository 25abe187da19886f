namespace Octet.Numerics;

/// <summary>Finds the value at a place of the sorted order without sorting (Hoare 1961, "Algorithm 65: find").</summary>
internal static class OrderStatistic
{
    /// <summary>The value that would stand at <paramref name="rank"/> after sorting.</summary>
    /// <param name="values">Finite; they are reordered.</param>
    /// <param name="rank">From 0; beyond the ends counts as the end.</param>
    public static float Select(Span<float> values, int rank)
    {
        rank = Math.Clamp(rank, 0, values.Length - 1);
        int low = 0;
        int high = values.Length - 1;
        while (low < high)
        {
            float pivot = Middle(values[low], values[low + ((high - low) / 2)], values[high]);
            int i = low;
            int j = high;
            while (i <= j)
            {
                while (values[i] < pivot)
                {
                    i++;
                }

                while (values[j] > pivot)
                {
                    j--;
                }

                if (i <= j)
                {
                    (values[i], values[j]) = (values[j], values[i]);
                    i++;
                    j--;
                }
            }

            if (rank <= j)
            {
                high = j;
            }
            else if (rank >= i)
            {
                low = i;
            }
            else
            {
                return values[rank];
            }
        }

        return values[rank];
    }

    private static float Middle(float a, float b, float c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
