using System.Globalization;
using Octet.Planning;

namespace Octet.Analysis;

/// <summary>The word <c>worst:N</c> among those that name layers to keep float.</summary>
public static class WorstLayers
{
    private const string Prefix = "worst:";

    /// <summary>Takes the word out of the others.</summary>
    /// <param name="keepFloat">Words that name layers.</param>
    /// <returns>The other words, and N; 0 where the word is not among them.</returns>
    /// <exception cref="OctetException"><see cref="ErrorCodes.InvalidUsage"/>: N is not a number from 1 on, or is given twice.</exception>
    public static (IReadOnlyList<string> Others, int Count) Split(IReadOnlyList<string> keepFloat)
    {
        string[] words = [.. keepFloat.Where(w => w.StartsWith(Prefix, StringComparison.Ordinal))];
        if (words.Length == 0)
        {
            return (keepFloat, 0);
        }

        if (words.Length > 1)
        {
            throw new OctetException(ErrorCodes.InvalidUsage, $"{string.Join(" and ", words.Select(w => $"\"{w}\""))} are given together", "give one of them");
        }

        return int.TryParse(words[0].AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
            ? ([.. keepFloat.Where(w => w != words[0])], count)
            : throw new OctetException(ErrorCodes.InvalidUsage, $"\"{words[0]}\" names no number of layers", "write worst:N with a whole N from 1 on, worst:3 for example");
    }

    /// <summary>Says in a plan why the worst layers are float.</summary>
    /// <param name="plan">A plan in which they are.</param>
    /// <param name="kept">The share of the outputs' noise that each brings in when quantized, by key.</param>
    /// <param name="count">The N of the word.</param>
    public static Plan Explain(Plan plan, IReadOnlyDictionary<string, double> kept, int count)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan with
        {
            Layers = [.. plan.Layers.Select(layer => kept.TryGetValue(layer.Key, out double share)
                ? layer with { Why = string.Create(CultureInfo.InvariantCulture, $"kept float as asked (\"{Prefix}{count}\"): quantized, it alone makes {100 * share:0.#} % of the outputs' noise") }
                : layer)],
        };
    }
}
