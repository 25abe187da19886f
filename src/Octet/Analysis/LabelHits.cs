namespace Octet.Analysis;

/// <summary>How well one output of one run names the classes of its items.</summary>
/// <param name="Items">Items with a label.</param>
/// <param name="Top1">Items whose label has the largest score, or is the value given.</param>
/// <param name="Top5">Items whose label is among the five largest scores.</param>
/// <param name="Classes">Scores an item has; 0 where the output names classes itself.</param>
/// <param name="BeyondClasses">A label that exceeds the classes; null where none does.</param>
internal readonly record struct LabelHits(int Items, int Top1, int Top5, int Classes, int? BeyondClasses)
{
    private const int Few = 5;

    /// <summary>Compares an output with labels; null where it does not have one row of scores, or one integer, an item.</summary>
    public static LabelHits? Of(OutputValues output, IReadOnlyList<int?> labels)
    {
        int classes = output.AreIntegers ? 0 : output.Classes;
        if (output.Values.Length != (long)labels.Count * Math.Max(1, classes) || (classes < 2 && !output.AreIntegers))
        {
            return null;
        }

        var hits = new LabelHits(0, 0, 0, classes, null);
        for (int i = 0; i < labels.Count; i++)
        {
            if (labels[i] is not { } label)
            {
                continue;
            }

            if (output.AreIntegers)
            {
                hits = hits with { Items = hits.Items + 1, Top1 = hits.Top1 + (output.Values[i] == label ? 1 : 0) };
            }
            else if (label >= classes)
            {
                hits = hits with { BeyondClasses = label };
            }
            else
            {
                int rank = output.RankOf(i, label);
                hits = hits with
                {
                    Items = hits.Items + 1,
                    Top1 = hits.Top1 + (rank < 1 ? 1 : 0),
                    Top5 = hits.Top5 + (rank < Few ? 1 : 0),
                };
            }
        }

        return hits;
    }
}
