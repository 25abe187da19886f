namespace Octet;

/// <summary>Finds the names that a user may have meant.</summary>
public static class NameSuggestion
{
    /// <summary>The known names nearest to <paramref name="name"/>, best first: by edit distance, then by alphabet; at most three.</summary>
    public static IReadOnlyList<string> Nearest(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        return [.. known.Select(k => (Name: k, Distance: Distance(name, k)))
            .Where(k => k.Distance <= Math.Max(2, name.Length / 2) || k.Name.Contains(name, StringComparison.OrdinalIgnoreCase))
            .OrderBy(k => k.Distance).ThenBy(k => k.Name, StringComparer.Ordinal)
            .Take(3).Select(k => k.Name)];
    }

    /// <summary>The error for a name that is not known.</summary>
    /// <param name="kind">What it should be the name of, for example "target".</param>
    /// <param name="name">The name.</param>
    /// <param name="known">The names that there are.</param>
    public static OctetException Unknown(string kind, string name, IEnumerable<string> known)
    {
        string[] all = [.. known];
        var nearest = Nearest(name, all);
        return new OctetException(
            ErrorCodes.UnknownName,
            $"there is no {kind} \"{name}\"",
            nearest.Count > 0 ? $"did you mean {string.Join(" or ", nearest)}?"
                : all.Length <= 12 ? $"there are {string.Join(", ", all)}"
                : "check the spelling");
    }

    // Levenshtein's distance, letter case ignored; names longer than 200 are cut, since files can hold names of any length.
    private static int Distance(string left, string right)
    {
        left = left[..Math.Min(left.Length, 200)];
        right = right[..Math.Min(right.Length, 200)];
        int[] previous = [.. Enumerable.Range(0, right.Length + 1)];
        int[] current = new int[right.Length + 1];
        for (int i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int substitution = previous[j - 1] + (char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]) ? 0 : 1);
                current[j] = Math.Min(substitution, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[right.Length];
    }
}
