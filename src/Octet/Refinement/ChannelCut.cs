namespace Octet.Refinement;

/// <summary>
/// Cuts the output channels of a layer into groups of like weights, so that each group has a scale of its own: channels sorted by their largest weight, cut where the noise of
/// the channels, in dB and on average, becomes least. In dB each channel counts alike, however small it is: what reads it may multiply it.
/// </summary>
internal static class ChannelCut
{
    /// <summary>More groups bring little, and each is a layer by itself.</summary>
    public const int MostGroups = 4;

    // Groups that bring only the last tenth of the gain are not made.
    private const double Share = 0.9;

    /// <summary>The groups, at least two, by rising weights, and what they gain: dB less noise, as the mean over the channels, ≥ 0.</summary>
    /// <param name="largest">The largest weight of each channel; at least two channels.</param>
    /// <param name="noise">The noise of a channel, &gt; 0, in a group whose largest weight is the second argument; never less where that is more.</param>
    public static (int[][] Groups, double Gain) Solve(float[] largest, Func<int, float, double> noise)
    {
        int count = largest.Length;
        int[] order = [.. Enumerable.Range(0, count).OrderBy(c => largest[c])];

        // Of the first channels in a number of groups: the least sum of logarithms, and where the last group begins.
        int most = Math.Min(MostGroups, count);
        double[][] least = [.. Enumerable.Range(0, most + 1).Select(_ => Enumerable.Repeat(double.PositiveInfinity, count + 1).ToArray())];
        int[][] begins = [.. Enumerable.Range(0, most + 1).Select(_ => new int[count + 1])];
        least[0][0] = 0;
        for (int end = 1; end <= count; end++)
        {
            double sum = 0;
            for (int begin = end - 1; begin >= 0; begin--)
            {
                sum += Math.Log(noise(order[begin], largest[order[end - 1]]));
                for (int g = 1; g <= most; g++)
                {
                    if (least[g - 1][begin] + sum < least[g][end])
                    {
                        least[g][end] = least[g - 1][begin] + sum;
                        begins[g][end] = begin;
                    }
                }
            }
        }

        double Gain(int groups) => Math.Max(0, (least[1][count] - least[groups][count]) / count * 10 / Math.Log(10));
        double best = Enumerable.Range(2, most - 1).Max(Gain);
        int chosen = Enumerable.Range(2, most - 1).First(g => Gain(g) >= Share * best);
        var groups = new int[chosen][];
        for (int g = chosen, end = count; g > 0; g--)
        {
            int begin = begins[g][end];
            groups[g - 1] = [.. order[begin..end].Order()];
            end = begin;
        }

        return (groups, Gain(chosen));
    }
}
