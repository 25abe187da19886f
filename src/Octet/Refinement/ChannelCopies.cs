using Octet.Graphs;
using Octet.Rewrites;

namespace Octet.Refinement;

/// <summary>Makes several channels of one between layers, with smaller weights in front and behind, so that the network computes the same.</summary>
internal static class ChannelCopies
{
    /// <summary>Whether the channels of a pair can be copied. Groups would have to be copied with their channels, and so would what has a number for each channel.</summary>
    public static bool CanBeMade(EqualizationPair pair)
        => pair.Upstream.Concat(pair.Downstream).All(n => n.Is("Gemm") || n.GetInt("group", 1) == 1)
            && pair.Between.All(b => !b.Is("PRelu") || b.Input(1)?.Constant?.Count == 1)
            && pair.Upstream.All(u => u.Input(2)?.Constant is not { Count: 1 } || u.Inputs[1]!.Constant!.Shape[0] == 1);

    /// <summary>Changes the weights and biases of a pair.</summary>
    /// <param name="pair">A pair that copies can be made of.</param>
    /// <param name="sources">The old channel of each new one.</param>
    /// <param name="front">What weights and biases in front are multiplied by, one an old channel.</param>
    /// <param name="behind">What weights behind are multiplied by, one an old channel.</param>
    public static void Make(EqualizationPair pair, int[] sources, float[] front, float[] behind)
    {
        foreach (var node in pair.Upstream)
        {
            Take(node, 1, OutputsFirst(node) ? 0 : 1, sources, front);
            if (node.Input(2) is not null)
            {
                Take(node, 2, 0, sources, front);
            }
        }

        foreach (var node in pair.Downstream)
        {
            Take(node, 1, OutputsFirst(node) ? 1 : 0, sources, behind);
        }

        // The shapes that the model states are no longer true.
        foreach (var value in pair.Upstream.Concat(pair.Between).SelectMany(n => n.Outputs).OfType<Value>())
        {
            value.Type = null;
        }
    }

    private static bool OutputsFirst(Node node) => node.Is("Conv") || node.GetInt("transB", 0) != 0;

    private static void Take(Node node, int input, int axis, int[] sources, float[] factors)
    {
        var taken = TakenChannels.Of(node.Inputs[input]!.Constant!, axis, sources, factors);
        Merging.SetFloats(node, input, taken.ToFloats(), taken.Shape, node.Inputs[input]!.Name);
    }
}
