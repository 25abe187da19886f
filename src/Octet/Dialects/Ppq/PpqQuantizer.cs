using System.Collections.Immutable;
using System.Globalization;
using Octet.Calibration;
using Octet.Calibration.Statistics;
using Octet.Calibration.Thresholds;
using Octet.Data;
using Octet.Graphs;
using Octet.Operators;
using Octet.Planning;
using Octet.Refinement;
using Octet.Rewrites;

namespace Octet.Dialects.Ppq;

/// <summary>
/// Quantizes as PPQ 0.6.6 does (quantize_onnx_model): dispatch, equalize, round weights with the platform's observer, observe activations with the
/// weights so rounded and biases still float, round biases to what input and weights give.
/// </summary>
/// <param name="platform">The platform.</param>
/// <param name="setting">The settings.</param>
public sealed class PpqQuantizer(TargetPlatform platform, QuantizationSetting setting)
{
    /// <summary>The fewest steps of calibration that PPQ takes.</summary>
    public const int LeastSteps = 8;

    /// <summary>The most.</summary>
    public const int MostSteps = 512;

    private static readonly string[] Algorithms = ["minmax", "percentile", "kl", "mse", "isotone"];

    private readonly List<string> warnings = [];

    /// <summary>How many times all batches are run; 0 where activations are not quantized.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.UnknownName"/>: the algorithm of activations has no such name.</exception>
    public int Sweeps => !setting.QuantizeActivation ? 0 : NeedsOf(ActivationAlgorithm).Any(n => n.Kind == StatisticKind.SecondSweep) ? 2 : 1;

    private IThresholdMethod ActivationAlgorithm => Algorithm(setting.QuantizeActivationSetting.CalibAlgorithm ?? "percentile");

    /// <summary>Quantizes a network.</summary>
    /// <param name="model">A float network as it was read; it is changed.</param>
    /// <param name="batches">Calibration data, a batch a sample.</param>
    /// <param name="steps">Batches that are taken, begun again where there are fewer; 8 to 512.</param>
    /// <param name="threads">Batches side by side; the result does not depend on it.</param>
    /// <param name="progress">Called once for each batch of each sweep.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.DialectUnsupported"/>: the settings ask for what Octet does not do; <see cref="ErrorCodes.InvalidUsage"/>: steps are out
    /// of range; <see cref="ErrorCodes.UnknownName"/>: an algorithm or dispatcher has no such name; a batch is at fault.</exception>
    public PpqGraph Quantize(Model model, ISampleSource batches, int steps, int threads, Action? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batches);
        if (steps is < LeastSteps or > MostSteps)
        {
            throw new OctetException(
                ErrorCodes.InvalidUsage, string.Create(CultureInfo.InvariantCulture, $"{steps} calibration steps"), string.Create(CultureInfo.InvariantCulture, $"PPQ takes {LeastSteps} to {MostSteps} batches"));
        }

        warnings.Clear();
        warnings.AddRange(SettingChecks.Run(setting, platform));
        var activations = ActivationAlgorithm;
        var parameters = Algorithm(setting.QuantizeParameterSetting.CalibAlgorithm ?? platform.WeightAlgorithm);
        Simplify(model, cancellationToken);
        var samples = new LoopedSamples(batches, steps);
        var dispatched = Dispatcher.Run(model.Graph, platform, setting);
        new PrequantPasses(platform, setting, warnings).Run(model, dispatched, samples, threads, cancellationToken);
        var types = TypeProbe.Run(model, samples.Load(0).Inputs, cancellationToken);
        var plan = PlanOf(model.Graph, types, dispatched);

        var rounding = platform.WeightRounding == RoundingPolicy.HalfFarFromZero ? MidpointRounding.AwayFromZero : MidpointRounding.ToEven;
        var weights = (setting.QuantizeParameter ? plan.WeightedLayers : []).ToDictionary(
            l => l.Key, l => ThresholdWeights.Round(l.NodeIn(model.Graph), l, parameters, platform.WeightScheme, rounding), StringComparer.Ordinal);
        if (setting.QuantizeActivation)
        {
            plan = Alignment.Run(Calibrate(model, plan, weights, samples, activations, threads, progress, cancellationToken), setting.FusionSetting, setting.QuantizeParameter);
        }

        if (setting.BiasCorrect)
        {
            weights = CorrectBiases(model, SwitchedOff.Without(plan, model.Graph, setting), weights, samples, threads, cancellationToken);
        }

        var rounded = plan.WeightedLayers.Where(l => weights.ContainsKey(l.Key)).ToDictionary(l => l.Key, l => WithRoundedBias(plan, l, weights[l.Key]), StringComparer.Ordinal);
        return new PpqGraph(platform, setting, model, plan, rounded, weights, dispatched.SelectMany(n => n.Outputs.Take(1)).OfType<Value>().Select(o => o.Name).ToHashSet(StringComparer.Ordinal), [.. warnings]);
    }

    private static IThresholdMethod Algorithm(string name)
    {
        string known = Algorithms.FirstOrDefault(a => a.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw NameSuggestion.Unknown("calibration algorithm", name, Algorithms);
        return ThresholdMethods.Find(known == "isotone" ? known : "ppq-" + known);
    }

    private ImmutableArray<StatisticNeed> NeedsOf(IThresholdMethod method)
        => method.Needs(platform.Table.Activations, platform.Table.SymmetricActivations, new ThresholdSettings(method));

    // PPQ names the parameters of a layer that took over a batch normalization anew.
    private static void Simplify(Model model, CancellationToken cancellationToken)
    {
        model.Graph.FixInputDefaults();
        var norms = model.Graph.Nodes.Where(n => n.Is("BatchNormalization")).SelectMany(n => n.Source.Append(n.DisplayName)).ToHashSet(StringComparer.Ordinal);
        RewritePipeline.SimplifyInSingle.Run(model, cancellationToken);
        foreach (var node in model.Graph.Nodes.Where(n => OperatorCatalog.RoleOf(n) is OperatorRole.Weighted && n.Source.Any(norms.Contains)).ToArray())
        {
            Rename(node, 1, "_weight");
            Rename(node, 2, "_bias");
        }
    }

    private static void Rename(Node node, int index, string suffix)
    {
        if (node.Input(index) is { IsConstant: true } value)
        {
            node.Graph.Rename(value, node.Graph.FreshName(PpqGraph.NameOf(node) + suffix));
        }
    }

    private QuantizedWeights WithRoundedBias(Plan plan, LayerPlan layer, QuantizedWeights weights)
        => SwitchedOff.RoundsBiases(setting, platform) ? ThresholdWeights.WithRoundedBias(weights, plan.ParamsOf(layer.DataInputs[0]).Scale, platform.Bias!.Limit) : weights;

    private Dictionary<string, QuantizedWeights> CorrectBiases(
        Model model, Plan plan, Dictionary<string, QuantizedWeights> weights, LoopedSamples samples, int threads, CancellationToken cancellationToken)
    {
        var options = setting.BiasCorrectSetting;
        if (options.BlockSize != 1)
        {
            warnings.Add($"bias_correct goes layer by layer (block_size 1), not by blocks of {options.BlockSize}");
        }

        Sample[] some = [.. Enumerable.Range(0, Math.Clamp(options.Steps, 1, samples.Count)).Select(samples.Load)];
        var (corrected, kept) = CheckedBiasCorrection.Run(
            model, plan, weights, some, (layer, w) => WithRoundedBias(plan, layer, w), l => options.InterestedLayers.Count == 0 || options.InterestedLayers.Contains(l.Name), threads, cancellationToken);
        if (kept == 0)
        {
            warnings.Add("bias_correct found no bias whose correction lowers the error at the outputs");
        }

        return corrected;
    }

    private Plan PlanOf(Graph graph, ObservedTypes types, HashSet<Node> dispatched)
    {
        string[] kept = [.. graph.Nodes.Where(n => !dispatched.Contains(n)).SelectMany(n => n.Outputs.Take(1)).OfType<Value>().Select(o => o.Name)];
        var plan = Planner.Build(graph, platform.Table, types, kept);
        foreach (var layer in plan.Layers.Where(l => l is { Decision: LayerDecision.Float, Role: not OperatorRole.PassThrough } && dispatched.Contains(l.NodeIn(graph))))
        {
            warnings.Add($"PPQ quantizes \"{layer.Name}\" ({layer.OpType}) for {platform.Name}; here it stays float: {layer.Why}");
        }

        if (platform.Name.StartsWith("METAX", StringComparison.Ordinal) && plan.WeightedLayers.Any(l => l.OpType == "Gemm"))
        {
            warnings.Add($"PPQ makes MatMul and Add of Gemm for {platform.Name}; here it stays one layer, its bias with it");
        }

        return plan with
        {
            Layers = [.. plan.Layers.Select(l => l.Decision == LayerDecision.Float && kept.Contains(l.Key) ? l with { Why = $"PPQ's {setting.Dispatcher} dispatcher leaves it in FP32 for {platform.Name}" }
                : l.WeightType is null ? l : l with { WeightType = platform.OtherWeights(l.NodeIn(graph)) ?? l.WeightType })],
        };
    }

    private Plan Calibrate(
        Model model, Plan plan, IReadOnlyDictionary<string, QuantizedWeights> weights, LoopedSamples samples, IThresholdMethod method, int threads, Action? progress, CancellationToken cancellationToken)
    {
        var rounded = model.Clone();
        foreach (var layer in plan.WeightedLayers.Where(l => weights.ContainsKey(l.Key)))
        {
            layer.NodeIn(rounded.Graph).Inputs[((OperatorRole.Weighted)layer.Role).WeightInput]!.SetConstant(weights[layer.Key].Dequantize());
        }

        // PPQ leaves isotone's scales as they are on platforms of powers of two as well.
        var target = plan.Target;
        if (method is IsotoneThreshold && target.PowerOfTwoScales)
        {
            warnings.Add($"isotone does not round scales to powers of two, in PPQ neither; {platform.Name} needs them");
            plan = plan with { Target = target with { PowerOfTwoScales = false } };
        }

        string[] observed = [.. plan.Observed];
        var request = new SweepRequest
        {
            Tensors = observed,
            Needs = NeedsOf(method),
        };
        var statistics = CalibrationSweep.Run(rounded, samples, request, threads, progress, cancellationToken);
        return new ActivationRanges(rounded.Graph, plan, statistics, method.Name).Solve(threads, null, cancellationToken) with { Target = target };
    }
}
