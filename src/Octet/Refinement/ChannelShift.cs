using Octet.Graphs;

namespace Octet.Refinement;

/// <summary>
/// Takes from every channel of a group the middle of its values, so that they lie about zero and need less of a common range: from the bias of the layers that
/// produce it, and what is missing then is added to the biases of the layers that read it (Wei et al. 2023, "Outlier Suppression+", equation 3;
/// the absorption of high biases in Nagel et al. 2019, section 4.1.3, is a case of it). Exact where nothing clamps in between and no reader pads with zeros:
/// the sums of residual networks above all, whose channels drift away from zero block by block.
/// </summary>
internal sealed class ChannelShift
{
    private const int Sweeps = 4;

    private readonly ChannelGroup group;

    // How often the output of each producer is contained in a value.
    private readonly Dictionary<Value, int[]> content = [];

    private ChannelShift(ChannelGroup group)
    {
        this.group = group;
        foreach (var value in group.Values)
        {
            int producer = group.Producers.IndexOf(value.Producer!);
            content[value] = producer >= 0
                ? [.. group.Producers.Select((_, p) => p == producer ? 1 : 0)]
                : [.. value.Producer!.Inputs.OfType<Value>().Where(content.ContainsKey).Select(i => content[i]).Aggregate((a, b) => [.. a.Zip(b, (x, y) => x + y)])];
        }
    }

    /// <summary>Shifts a group where that is exact.</summary>
    /// <param name="group">The group; biases around it are changed.</param>
    /// <param name="extremes">Of those of its values that are quantized; those of shifted ones are replaced.</param>
    /// <returns>Whether it was.</returns>
    public static bool Run(ChannelGroup group, IDictionary<string, ChannelExtremes> extremes)
    {
        return group.Values.All(v => group.Producers.Contains(v.Producer!) || KeepsShifts(v.Producer!)) && group.Consumers.All(ReadsWithoutPadding)
            && new ChannelShift(group).Apply(extremes);
    }

    private static bool KeepsShifts(Node node) => node.Is("Add") || node.Is("GlobalAveragePool") || node.Is("MaxPool");

    private static bool ReadsWithoutPadding(Node node)
        => node.Is("Gemm") ? node.GetFloat("beta", 1) == 1
            : node.Is("Conv") && node.GetInts("pads").All(p => p == 0) && node.GetText("auto_pad", "NOTSET") is "NOTSET" or "VALID";

    private bool Apply(IDictionary<string, ChannelExtremes> extremes)
    {
        Value[] quantized = [.. group.Values.Where(v => extremes.ContainsKey(v.Name))];
        var shifts = new float[group.Producers.Length][];
        for (int p = 0; p < shifts.Length; p++)
        {
            shifts[p] = new float[group.Channels];
        }

        for (int c = 0; c < group.Channels; c++)
        {
            double[] best = Solve([.. quantized.Select(v => (content[v], extremes[v.Name].Least[c], extremes[v.Name].Greatest[c], extremes[v.Name].Largest.Max()))]);
            for (int p = 0; p < best.Length; p++)
            {
                shifts[p][c] = (float)best[p];
            }
        }

        float[] Of(Value value) => [.. Enumerable.Range(0, group.Channels).Select(c => content[value].Select((n, p) => n * shifts[p][c]).Sum())];
        foreach (var consumer in group.Consumers)
        {
            var weights = new ChannelWeights(consumer);
            weights.AddToBias(weights.Respond(Of(consumer.Inputs[0]!)));
        }

        for (int p = 0; p < shifts.Length; p++)
        {
            new ChannelWeights(group.Producers[p]).AddToBias([.. shifts[p].Select(s => -(double)s)]);
        }

        foreach (var value in quantized)
        {
            extremes[value.Name] = extremes[value.Name].Less(Of(value));
        }

        return shifts.Any(p => p.Any(s => s != 0));
    }

    /// <summary>The shifts of the producers that make the squared bounds of one channel, each relative to its tensor's, least: one producer after the other; the optimum lies where a value is centred.</summary>
    private double[] Solve((int[] Content, float Least, float Greatest, float Scale)[] values)
    {
        var shifts = new double[group.Producers.Length];
        double Shift(int[] contained) => contained.Select((n, p) => n * shifts[p]).Sum();
        double Cost() => values.Sum(v =>
        {
            double bound = v.Scale > 0 ? Math.Max(v.Greatest - Shift(v.Content), Shift(v.Content) - v.Least) / v.Scale : 0;
            return bound * bound;
        });
        double least = Cost();
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            for (int p = 0; p < shifts.Length; p++)
            {
                double best = shifts[p];
                foreach (var (contained, low, high, _) in values.Where(v => v.Content[p] > 0))
                {
                    shifts[p] = best;
                    double others = Shift(contained) - (contained[p] * best);
                    shifts[p] = ((((double)low + high) / 2) - others) / contained[p];
                    if (Cost() is var cost && cost < least)
                    {
                        (best, least) = (shifts[p], cost);
                    }
                }

                shifts[p] = best;
            }
        }

        return shifts;
    }
}
