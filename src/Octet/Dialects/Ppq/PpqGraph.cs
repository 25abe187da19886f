using Octet.Graphs;
using Octet.Lowering;
using Octet.Operators;
using Octet.Planning;

namespace Octet.Dialects.Ppq;

/// <summary>A quantized network as PPQ has it (its BaseGraph after quantization): the float network, its plan, its rounded parameters.</summary>
public sealed class PpqGraph
{
    private readonly Lazy<LoweredModel> simulation;
    private readonly Lazy<IReadOnlyList<TensorQuantizationConfig>> configs;

    internal PpqGraph(TargetPlatform platform, Model model, Plan plan, IReadOnlyDictionary<string, QuantizedWeights> weights, IReadOnlySet<string> dispatched, IReadOnlyList<string> warnings)
    {
        Platform = platform;
        Float = model;
        Plan = plan;
        Weights = weights;
        Dispatched = dispatched;
        Warnings = warnings;
        simulation = new Lazy<LoweredModel>(() => PpqSimulation.Of(this, null));
        configs = new Lazy<IReadOnlyList<TensorQuantizationConfig>>(() => TensorQuantizationConfigs.Of(this));
    }

    /// <summary>The platform.</summary>
    public TargetPlatform Platform { get; }

    /// <summary>The float network: batch normalizations folded, equalized where that was asked for. Parameters bear PPQ's names.</summary>
    public Model Float { get; }

    /// <summary>Which tensors have scales, and which.</summary>
    public Plan Plan { get; }

    /// <summary>Rounded parameters by <see cref="LayerPlan.Key"/>: weights as integers, biases as the floats that PPQ's simulation adds.</summary>
    public IReadOnlyDictionary<string, QuantizedWeights> Weights { get; }

    /// <summary>What did not go as in PPQ, a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Every tensor at every quantized operator.</summary>
    public IReadOnlyList<TensorQuantizationConfig> Configs => configs.Value;

    /// <summary>The operators that are quantized, by PPQ's names, in the order of the graph.</summary>
    public IEnumerable<string> QuantizedOperations => Configs.Select(c => c.Operation).Distinct();

    /// <summary>Layers with weights that are quantized, in the order of the graph: PPQ's computing operators.</summary>
    public IEnumerable<LayerPlan> ComputingOperations => Plan.WeightedLayers;

    /// <summary>The network as PPQ simulates it: rounded parameters as floats, activations rounded where they are activated.</summary>
    public LoweredModel Simulation => simulation.Value;

    /// <summary>First outputs of the nodes that the dispatcher sent to the platform.</summary>
    internal IReadOnlySet<string> Dispatched { get; }

    /// <summary>The network as ONNX: parameters as integers with DequantizeLinear, activations with QuantizeLinear and DequantizeLinear.</summary>
    /// <param name="meaning">What becomes of biases that PPQ leaves float.</param>
    public Model ToOnnx(PpqMeaning meaning)
    {
        if (meaning == PpqMeaning.Integer || Platform.Bias is not null)
        {
            return QdqLowering.Lower(Float, Plan, Weights).Model;
        }

        var model = WithBiases();
        return QdqLowering.Lower(model, Plan, Weights.ToDictionary(w => w.Key, w => w.Value with { Bias = null }, StringComparer.Ordinal)).Model;
    }

    /// <summary>The float network with rounded parameters in the place of its own.</summary>
    public Model Baked()
    {
        var model = WithBiases();
        foreach (var layer in Plan.WeightedLayers)
        {
            var weights = layer.NodeIn(model.Graph).Inputs[((OperatorRole.Weighted)layer.Role).WeightInput]!;
            weights.SetConstant(Weights[layer.Key].Dequantize());
        }

        return model;
    }

    /// <summary>PPQ's name of an operator.</summary>
    internal static string NameOf(Node node) => node.DisplayName;

    private Model WithBiases()
    {
        var model = Float.Clone();
        foreach (var layer in Plan.WeightedLayers)
        {
            if (Weights[layer.Key].Bias is { } bias && layer.NodeIn(model.Graph).Input(((OperatorRole.Weighted)layer.Role).BiasInput!.Value) is { Constant: { } old } value)
            {
                value.SetConstant(Numerics.Tensor.FromArray([.. bias], old.Shape));
            }
        }

        return model;
    }
}
