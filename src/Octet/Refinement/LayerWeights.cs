using Octet.Calibration.Patches;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Planning;

namespace Octet.Refinement;

/// <summary>Solves the weights of one layer group by group on sampled rows of its quantized input.</summary>
public static class LayerWeights
{
    /// <summary>Rounds the weights of a layer.</summary>
    /// <param name="node">A layer with constant weights.</param>
    /// <param name="layer">Its plan.</param>
    /// <param name="input">Parameters of its input.</param>
    /// <param name="patches">Rows of its float input.</param>
    /// <param name="avoidSaturation">Whether 16-bit pair sums must not saturate.</param>
    /// <param name="options">How to choose scales and round.</param>
    /// <param name="goal">Weights to come close to, in the order of <see cref="WeightLayout.Weights"/>; null for the node's own.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The constants, and what was done group by group.</returns>
    public static (QuantizedWeights Weights, IReadOnlyList<WeightReport> Reports) Solve(
        Node node, LayerPlan layer, QuantParams input, PatchSet patches, bool avoidSaturation, WeightOptions options, float[]? goal = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(patches);
        var layout = WeightLayout.Of(node, layer);
        int groups = patches.Request.Geometry.Groups;
        int channels = layout.Channels / groups;
        int k = layout.Weights.Length / layout.Channels;
        float[]? minimum = layout.Bias is { } bias ? BiasQuantizer.MinimumScales([.. bias.Select(b => (double)b)], input.Scale) : null;
        bool pairs = avoidSaturation && AddsPairs(node, input.Type);
        var problems = new WeightProblem[groups];
        for (int g = 0; g < groups; g++)
        {
            float[] rows = patches.OfGroup(g);
            FakeQuant.Apply(rows, input, rows);
            problems[g] = new WeightProblem
            {
                Layer = layer.Name,
                Weights = (goal ?? layout.Weights).AsSpan(g * channels * k, channels * k).ToArray(),
                Channels = channels,
                K = k,
                Rows = rows,
                RowCount = patches.Count,
                Type = layer.WeightType!.Value,
                PerChannel = layer.PerChannelWeights,
                PowerOfTwoScales = layer.PowerOfTwoScales,
                Input = input,
                AvoidSaturation = pairs,
                MinimumScales = minimum?.AsSpan(g * channels, channels).ToArray(),
            };
        }

        var solutions = WeightSolver.SolveGroups(problems, options, cancellationToken);
        int[] integers = [.. solutions.SelectMany(s => s.Quantized)];
        float[] scales = layer.PerChannelWeights ? [.. solutions.SelectMany(s => s.Scales)] : solutions[0].Scales;
        return (layout.ToConstants(integers, scales), [.. solutions.Select(s => s.Report)]);
    }

    /// <summary>
    /// Whether processors without VNNI add pairs of products of this layer in 16 bits: of uint8 activations, but not in kernels for one channel
    /// in and out a group, which multiply at full width.
    /// </summary>
    internal static bool AddsPairs(Node node, QuantType input)
        => input == QuantType.UInt8 && !(KeepFloat.IsDepthwise(node) && node.Inputs[1]!.Constant!.Shape[0] == node.GetInt("group", 1));
}
