using Octet.Calibration.Patches;
using Octet.Data;
using Octet.Graphs;
using Octet.Planning;

namespace Octet.Refinement;

/// <summary>
/// Rounds the weights of one layer after the other on the inputs that the quantized network before it gives, to make up for the errors of that network as far as a
/// layer can (<see cref="CompensatedWeights"/>).
/// </summary>
internal sealed class SequentialWeights
{
    // Every fifth sample only judges: rows of one sample are too alike to judge each other.
    private const int HeldOutOf = 5;

    private readonly Model model;
    private readonly Plan plan;
    private readonly Dictionary<string, PatchRequest> requests;
    private readonly StagedRuns floats;
    private readonly bool avoidSaturation;
    private readonly WeightOptions options;
    private readonly ulong seed;
    private readonly CancellationToken cancellationToken;

    /// <summary>Begins before the first layer.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="plan">All parameters solved.</param>
    /// <param name="samples">The samples that the quantized network will be run with.</param>
    /// <param name="requests">Rows that are wanted.</param>
    /// <param name="avoidSaturation">Whether 16-bit pair sums must not saturate.</param>
    /// <param name="options">How to choose scales and round.</param>
    /// <param name="seed">Seed of the choice of rows.</param>
    /// <param name="workers">Runs side by side, ≥ 1.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public SequentialWeights(
        Model model,
        Plan plan,
        IReadOnlyList<Sample> samples,
        IReadOnlyList<PatchRequest> requests,
        bool avoidSaturation,
        WeightOptions options,
        ulong seed,
        int workers,
        CancellationToken cancellationToken)
    {
        this.model = model;
        this.plan = plan;
        this.requests = requests.ToDictionary(r => r.Layer, StringComparer.Ordinal);
        this.avoidSaturation = avoidSaturation;
        this.options = options;
        this.seed = seed;
        this.cancellationToken = cancellationToken;
        floats = new StagedRuns(model, samples, workers, cancellationToken);
        Samples = samples;
    }

    private IReadOnlyList<Sample> Samples { get; }

    /// <summary>Rounds a layer's weights and puts them into the lowered model.</summary>
    /// <param name="layer">The layer; those before it are as they will be.</param>
    /// <param name="lowered">Its node in the lowered model, with float weights.</param>
    /// <param name="runs">Runs of that model.</param>
    /// <returns>The constants, or null where no rows are wanted of the layer.</returns>
    internal QuantizedWeights? Resolve(LayerPlan layer, Node lowered, StagedRuns runs)
    {
        if (!requests.TryGetValue(layer.Key, out var request))
        {
            return null;
        }

        var node = layer.NodeIn(model.Graph);
        var actual = Collect(request, runs, lowered.Inputs[0]!);
        var layout = WeightLayout.Of(node, layer);
        float[] goal = CompensatedWeights.Fit(layout.Weights, layout.Channels, Collect(request, floats, node.Inputs[0]!), actual);
        var (weights, _) = LayerWeights.Solve(
            node, layer, plan.ParamsOf(layer.DataInputs[0]), Join(actual.Fitted, actual.HeldOut), avoidSaturation, options, goal, cancellationToken);
        lowered.Inputs[((Operators.OperatorRole.Weighted)layer.Role).WeightInput]!.SetConstant(weights.Dequantize());
        return weights;
    }

    private (PatchSet Fitted, PatchSet HeldOut) Collect(PatchRequest request, StagedRuns runs, Value input)
    {
        var fitted = new PatchCollector(request with { Rows = Math.Max(1, request.Rows * (HeldOutOf - 1) / HeldOutOf) }, seed);
        var heldOut = new PatchCollector(request with { Rows = Math.Max(1, request.Rows / HeldOutOf) }, seed);
        if (input.Producer is null)
        {
            for (int i = 0; i < Samples.Count; i++)
            {
                var tensor = Samples[i].Inputs[input.Name];
                (i % HeldOutOf == HeldOutOf - 1 ? heldOut : fitted).Offer(i, tensor.AsSpan<float>(), tensor.Shape);
            }
        }
        else
        {
            runs.RunTo(input, (i, outputs) => (i % HeldOutOf == HeldOutOf - 1 ? heldOut : fitted).Offer(i, outputs.Span<float>(0), outputs.ShapeOf(0)));
        }

        return (fitted.Finish(), heldOut.Finish());
    }

    private static PatchSet Join(PatchSet first, PatchSet second)
        => new(first.Request with { Rows = first.Request.Rows + second.Request.Rows }, [.. first.Rows, .. second.Rows], first.Count + second.Count, [.. first.Keys, .. second.Keys]);
}
