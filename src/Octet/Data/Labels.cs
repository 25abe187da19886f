using System.Globalization;
using Octet.Data.Arrays;
using Octet.Data.Sources;
using Octet.Numerics;

namespace Octet.Data;

/// <summary>The classes of samples, by name or by position.</summary>
public sealed class Labels
{
    private readonly Dictionary<string, int>? byName;
    private readonly int[]? byPosition;

    private Labels(Dictionary<string, int>? byName, int[]? byPosition)
    {
        this.byName = byName;
        this.byPosition = byPosition;
    }

    /// <summary>Number of labels.</summary>
    public int Count => byName?.Count ?? byPosition!.Length;

    /// <summary>
    /// Reads a file of labels: text with <c>name label …</c> a line (further columns are ignored) or one number a line, an .npy of
    /// integers, or IDX (packed or not). All but names belong to the samples in their original order.
    /// </summary>
    /// <exception cref="OctetException">The file is missing, or <see cref="ErrorCodes.LabelsMalformed"/>.</exception>
    public static Labels Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
        {
            return OfArray(NpyReader.Open(path), path);
        }

        return IdxReader.HasName(path) ? OfArray(IdxReader.Open(path), path) : OfLines(TextLines.Read(path), path);
    }

    /// <summary>The label of a sample, or null where there is none.</summary>
    /// <param name="position">The sample's position in the data, before choosing and shuffling.</param>
    /// <param name="name">The sample's name.</param>
    public int? Of(int position, string name)
        => byPosition is not null
            ? position < byPosition.Length ? byPosition[position] : null
            : byName!.TryGetValue(name, out int label) || byName.TryGetValue(Path.GetFileName(name), out label) ? label : null;

    private static Labels OfArray(ArrayFile array, string path)
    {
        if (array.Type is ElementType.Float16 or ElementType.Float32 or ElementType.Float64 or ElementType.UInt64 or ElementType.Boolean
            || array.Shape.Rank is not (1 or 2) || (array.Shape.Rank == 2 && array.Shape[1] != 1))
        {
            throw new OctetException(ErrorCodes.LabelsMalformed, $"\"{path}\" holds {array.Type}{array.Shape}, not one integer a sample");
        }

        var values = array.ReadAll().ToInt64s();
        var wrong = Array.FindIndex(values, v => v is < 0 or > int.MaxValue);
        return wrong < 0
            ? new Labels(null, Array.ConvertAll(values, v => (int)v))
            : throw new OctetException(ErrorCodes.LabelsMalformed, $"label {wrong} of \"{path}\" is {values[wrong]}; classes are numbered from 0");
    }

    private static Labels OfLines(IReadOnlyList<TextLine> lines, string path)
    {
        bool numbersOnly = lines.All(l => l.Columns.Length == 1);
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        var numbers = new List<int>();
        var problems = new List<string>();
        foreach (var line in lines)
        {
            string text = numbersOnly ? line.Columns[0] : line.Columns.ElementAtOrDefault(1) ?? "";
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int label))
            {
                problems.Add($"line {line.Number} has no label, a number from 0 on, as its {(numbersOnly ? "only" : "second")} column");
            }
            else if (numbersOnly)
            {
                numbers.Add(label);
            }
            else if (!names.TryAdd(line.Columns[0], label) && names[line.Columns[0]] != label)
            {
                problems.Add($"line {line.Number} gives \"{line.Columns[0]}\" a second label");
            }
            else if (line.Columns[0].Contains('/', StringComparison.Ordinal))
            {
                // A list in another folder names the samples by paths; the data's own names are without.
                names.TryAdd(Path.GetFileName(line.Columns[0]), label);
            }
        }

        return problems.Count > 0 ? throw new OctetException(ErrorCodes.LabelsMalformed, $"\"{path}\": {TextLines.Join(problems)}")
            : lines.Count == 0 ? throw new OctetException(ErrorCodes.LabelsMalformed, $"\"{path}\" holds no label")
            : numbersOnly ? new Labels(null, [.. numbers]) : new Labels(names, null);
    }
}
