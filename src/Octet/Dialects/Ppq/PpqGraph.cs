using Octet.Graphs;
using Octet.Lowering;
using Octet.Operators;
using Octet.Planning;

namespace Octet.Dialects.Ppq;

/// <summary>A quantized network as PPQ has it (its BaseGraph after quantization): the float network, its plan, its rounded parameters.</summary>
public sealed class PpqGraph
{
    private readonly IReadOnlyDictionary<string, QuantizedWeights> unroundedBiases;
    private readonly Lazy<LoweredModel> simulation;
    private readonly Lazy<IReadOnlyList<TensorQuantizationConfig>> configs;

    internal PpqGraph(
        TargetPlatform platform,
        QuantizationSetting setting,
        Model model,
        Plan plan,
        IReadOnlyDictionary<string, QuantizedWeights> weights,
        IReadOnlyDictionary<string, QuantizedWeights> unroundedBiases,
        IReadOnlySet<string> dispatched,
        IReadOnlyList<string> warnings)
    {
        Platform = platform;
        Setting = setting;
        Float = model;
        Plan = plan;
        Executed = SwitchedOff.Without(plan, model.Graph, setting);
        Weights = weights;
        this.unroundedBiases = unroundedBiases;
        Dispatched = dispatched;
        Warnings = warnings;
        simulation = new Lazy<LoweredModel>(() => PpqSimulation.Of(this, null));
        configs = new Lazy<IReadOnlyList<TensorQuantizationConfig>>(() => TensorQuantizationConfigs.Of(this));
    }

    /// <summary>The platform.</summary>
    public TargetPlatform Platform { get; }

    /// <summary>The float network: batch normalizations folded, equalized where that was asked for. Parameters bear PPQ's names.</summary>
    public Model Float { get; }

    /// <summary>The settings.</summary>
    public QuantizationSetting Setting { get; }

    /// <summary>Which tensors have scales, and which; activations have none yet where they are not quantized.</summary>
    public Plan Plan { get; }

    /// <summary>Rounded parameters by <see cref="LayerPlan.Key"/>: weights as integers, biases as the floats that PPQ's simulation adds. Empty where parameters are not quantized.</summary>
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

    /// <summary>The plan without what is not quantized.</summary>
    internal Plan Executed { get; }

    /// <summary>Whether activations are rounded.</summary>
    internal bool RoundsActivations => Setting.QuantizeActivation;

    /// <summary>Whether weights and constant operands are rounded.</summary>
    internal bool RoundsParameters => Setting.QuantizeParameter;

    /// <summary>Whether biases are rounded.</summary>
    internal bool RoundsBiases => SwitchedOff.RoundsBiases(Setting, Platform);

    /// <summary>Whether rounded parameters replace the float ones.</summary>
    internal bool IsBaked => Setting.QuantizeParameterSetting.BakingParameter;

    /// <summary>First outputs of the nodes that the dispatcher sent to the platform.</summary>
    internal IReadOnlySet<string> Dispatched { get; }

    /// <summary>The network as ONNX: parameters as integers with DequantizeLinear, activations with QuantizeLinear and DequantizeLinear.</summary>
    /// <param name="meaning">What becomes of biases that PPQ leaves float.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.DialectUnsupported"/>: integers are asked for where activations or parameters are not quantized.</exception>
    public Model ToOnnx(PpqMeaning meaning)
    {
        SettingChecks.CheckMeaning(Setting, meaning);
        if (meaning == PpqMeaning.Integer || RoundsBiases)
        {
            return QdqLowering.Lower(Float, Executed, Weights).Model;
        }

        var model = WithBiases(Weights);
        return QdqLowering.Lower(model, Executed, Weights.ToDictionary(w => w.Key, w => w.Value with { Bias = null }, StringComparer.Ordinal)).Model;
    }

    /// <summary>The float network with rounded parameters in the place of its own; with its own where they are not to be baked.</summary>
    public Model Baked()
    {
        var model = WithBiases(IsBaked ? Weights : unroundedBiases);
        foreach (var layer in Plan.WeightedLayers.Where(l => IsBaked && Weights.ContainsKey(l.Key)))
        {
            var weights = layer.NodeIn(model.Graph).Inputs[((OperatorRole.Weighted)layer.Role).WeightInput]!;
            weights.SetConstant(Weights[layer.Key].Dequantize());
        }

        return model;
    }

    /// <summary>PPQ's name of an operator.</summary>
    internal static string NameOf(Node node) => node.DisplayName;

    private Model WithBiases(IReadOnlyDictionary<string, QuantizedWeights> of)
    {
        var model = Float.Clone();
        foreach (var layer in Plan.WeightedLayers)
        {
            if (of.GetValueOrDefault(layer.Key)?.Bias is { } bias && layer.NodeIn(model.Graph).Input(((OperatorRole.Weighted)layer.Role).BiasInput!.Value) is { Constant: { } old } value)
            {
                value.SetConstant(Numerics.Tensor.FromArray([.. bias], old.Shape));
            }
        }

        return model;
    }
}
