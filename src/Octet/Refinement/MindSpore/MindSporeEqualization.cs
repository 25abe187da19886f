using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Planning;

namespace Octet.Refinement.MindSpore;

/// <summary>
/// Cross-layer equalization as MindSpore Lite does it for layers with one scale (mindspore-lite, tools/converter/quantizer: cle_strategy.cc, cle_pattern.cc): two convolutions, or two with a
/// depthwise one between them, joined by a Relu or nothing, get channels with equally large weights; each chain once, from the end of the network to its beginning, bit for bit.
/// The network computes the same. <see cref="Equalization"/>, which measures what a change brings, is the better one.
/// </summary>
public static class MindSporeEqualization
{
    /// <summary>Changes the weights of a model.</summary>
    /// <param name="graph">A float graph.</param>
    /// <returns>The chains of two and three convolutions, in the order in which they were balanced.</returns>
    public static IReadOnlyList<ImmutableArray<Node>> Run(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ImmutableArray<Node>[] chains = [.. graph.Nodes.Reverse().Select(ChainFrom).Where(c => !c.IsDefault)];
        foreach (var chain in chains)
        {
            if (chain.Length == 2)
            {
                Balance(chain[0], chain[1]);
            }
            else
            {
                Balance(chain[0], chain[1], chain[2]);
            }
        }

        graph.RemoveUnused();
        return chains;
    }

    /// <summary>s = r1 / √(r1 · r2), what the first layer is divided and the second multiplied by, in 32-bit floats; 1 where the root is 0.</summary>
    /// <param name="first">r1: the largest weight of each output channel of the first layer.</param>
    /// <param name="second">r2: as many, of each input channel of the second.</param>
    public static float[] Factors(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        var factors = new float[first.Length];
        for (int c = 0; c < factors.Length; c++)
        {
            float root = MathF.Sqrt(first[c] * second[c]);
            factors[c] = root == 0 ? 1 : UsableOr1(first[c] / root);
        }

        return factors;
    }

    /// <summary>s12 = r1 / ∛(r1 · r2 · r3) between the first two layers and s23 = ∛(r1 · r2 · r3) / r3 between the last two, in 32-bit floats; both 1 where either divisor is 0.</summary>
    /// <param name="first">r1: the largest weight of each output channel of the first layer.</param>
    /// <param name="middle">r2: as many, of each channel of the depthwise layer.</param>
    /// <param name="last">r3: as many, of each input channel of the last.</param>
    public static (float[] Front, float[] Back) Factors(ReadOnlySpan<float> first, ReadOnlySpan<float> middle, ReadOnlySpan<float> last)
    {
        var (front, back) = (new float[first.Length], new float[first.Length]);
        for (int c = 0; c < front.Length; c++)
        {
            // Not Cbrt: the power with the exponent 1/3 rounded to a float.
            float root = (float)Math.Pow(first[c] * middle[c] * last[c], 1f / 3f);
            (front[c], back[c]) = root == 0 || last[c] == 0 ? (1, 1) : (UsableOr1(first[c] / root), UsableOr1(root / last[c]));
        }

        return (front, back);
    }

    private static float UsableOr1(float factor) => float.IsFinite(factor) && factor != 0 ? factor : 1;

    private static void Balance(Node first, Node second)
    {
        var (front, back) = (new ChannelWeights(first), new ChannelWeights(second));
        float[] factors = Factors(front.LargestOfOutputs(), back.LargestOfInputs());
        front.DivideOutputs(factors);
        back.MultiplyInputs(factors);
    }

    private static void Balance(Node first, Node second, Node third)
    {
        var (front, middle, last) = (new ChannelWeights(first), new ChannelWeights(second), new ChannelWeights(third));
        var (s12, s23) = Factors(front.LargestOfOutputs(), middle.LargestOfOutputs(), last.LargestOfInputs());
        front.DivideOutputs(s12);
        middle.MultiplyInputs(s12);
        middle.DivideOutputs(s23);
        last.MultiplyInputs(s23);
    }

    private static ImmutableArray<Node> ChainFrom(Node first)
        => !IsPlain(first) || ReaderOf(first) is not { } second ? default
            : IsPlain(second) ? [first, second]
            : IsDepthwise(second) && ReaderOf(second) is { } third && IsPlain(third) ? [first, second, third]
            : default;

    // The only convolution that reads the layer, at most across a Relu.
    private static Node? ReaderOf(Node layer)
    {
        var reader = OnlyReader(layer);
        reader = reader?.Is("Relu") == true ? OnlyReader(reader) : reader;
        return reader?.Is("Conv") == true ? reader : null;
    }

    private static Node? OnlyReader(Node node) => node.Output is { IsOutput: false, Uses: [{ Index: 0 } use] } ? use.Node : null;

    private static bool IsPlain(Node node) => HasConstants(node) && node.GetInt("group", 1) == 1;

    private static bool IsDepthwise(Node node)
        => HasConstants(node) && KeepFloat.IsDepthwise(node) && node.Inputs[1]!.Constant!.Shape[0] == node.GetInt("group", 1);

    private static bool HasConstants(Node node)
        => node.Is("Conv") && node.Input(1) is { IsConstant: true } && node.Input(2) is null or { IsConstant: true };
}
