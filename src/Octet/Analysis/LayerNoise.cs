using Octet.Calibration;
using Octet.Data;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;
using Octet.Operators;
using Octet.Planning;

namespace Octet.Analysis;

/// <summary>
/// Measures every layer with weights as if it alone were quantized, at its own output. Copies of the layer stand beside it in the float graph and read the same
/// input, so that one run tells all layers: one copy with everything quantized, and one for each part of the error, through which only that part goes.
/// </summary>
public sealed class LayerNoise
{
    private const int Parts = 4;

    private readonly Dictionary<string, (ErrorMeasures Measures, NoiseParts Parts)> layers;

    private LayerNoise(Dictionary<string, (ErrorMeasures Measures, NoiseParts Parts)> layers)
    {
        this.layers = layers;
    }

    /// <summary>Runs the measurement: one run a sample, of as much work as six float runs at most.</summary>
    /// <param name="model">The float model that the plan was made for.</param>
    /// <param name="plan">All parameters solved.</param>
    /// <param name="weights">The layers' constants, by key. Their biases are not used: corrections belong to what stands before a layer.</param>
    /// <param name="samples">At least one.</param>
    /// <param name="workers">Samples side by side, ≥ 1; the result does not depend on it.</param>
    /// <param name="progress">Called once a sample, by several threads.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static LayerNoise Measure(
        Model model,
        Plan plan,
        IReadOnlyDictionary<string, QuantizedWeights> weights,
        IReadOnlyList<Sample> samples,
        int workers,
        Action? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(samples);
        LayerPlan[] layers = [.. plan.WeightedLayers];
        if (layers.Length == 0)
        {
            return new LayerNoise([]);
        }

        var beside = model.Clone();
        var inputs = new Dictionary<string, Input>(StringComparer.Ordinal);
        var copies = layers.Select(l => Copies(beside.Graph, plan, l, weights[l.Key], inputs)).ToArray();
        string[] names = [.. copies.SelectMany(c => c)];
        using var session = ObservedSession.Open(beside, names, arena: false);
        var sums = new ErrorSums[samples.Count][];
        var parts = new float[samples.Count][];
        ParallelRuns.ForEach(samples.Count, workers, i =>
        {
            using var values = session.Run(samples[i].Inputs, names, cancellationToken);
            int stride = 2 + Parts;
            sums[i] = [.. layers.Select((_, l) => ErrorSums.Of(values.Span<float>(l * stride), values.Span<float>((l * stride) + 1)))];
            parts[i] = [.. layers.SelectMany((_, l) => Enumerable.Range(2, Parts).Select(p => values.Span<float>((l * stride) + p)[0]))];
            progress?.Invoke();
        }, cancellationToken);
        return new LayerNoise(layers.Select((layer, l) => (layer.Key, Value: Result(l, sums, parts))).ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal));
    }

    /// <summary>The error of a layer's output with the layer alone quantized.</summary>
    /// <param name="key">The key of a layer with quantized weights.</param>
    public ErrorMeasures MeasuresOf(string key) => layers[key].Measures;

    /// <summary>What makes that error.</summary>
    /// <param name="key">The key of a layer with quantized weights.</param>
    public NoiseParts PartsOf(string key) => layers[key].Parts;

    private static (ErrorMeasures Measures, NoiseParts Parts) Result(int layer, ErrorSums[][] sums, float[][] parts)
    {
        ErrorSums[] samples = [.. sums.Select(s => s[layer])];
        double signal = ErrorSums.Total(samples).Signal;
        double Part(int part) => signal == 0 ? 0 : parts.Sum(p => (double)p[(layer * Parts) + part]) / signal;
        return (ErrorMeasures.Of(samples), new NoiseParts(Part(0), Part(1), Part(2), Part(3)));
    }

    // Names of: the float output, the output with everything quantized, and the squares that each part of the error makes there.
    private static string[] Copies(Graph graph, Plan plan, LayerPlan layer, QuantizedWeights constants, Dictionary<string, Input> inputs)
    {
        var node = layer.NodeIn(graph);
        var role = (OperatorRole.Weighted)layer.Role;
        var data = node.Inputs[0]!;
        if (!inputs.TryGetValue(data.Name, out var input))
        {
            input = Input.Of(graph, data, plan.ParamsOf(data.Name));
            inputs.Add(data.Name, input);
        }

        var (rounding, clipping) = WeightErrors(node.Inputs[role.WeightInput]!.Constant!, constants);
        var weight = node.Inputs[role.WeightInput]!;
        var rounded = graph.AddConstant(weight.Name + "_rounded", constants.Dequantize());
        var bias = role.BiasInput is { } b ? node.Input(b) : null;
        return
        [
            layer.Key,
            Copy(graph, node, role, input.Quantized, rounded, bias).Name,
            Squares(graph, Copy(graph, node, role, input.Rounding, weight, null)),
            Squares(graph, Copy(graph, node, role, input.Clipping, weight, null)),
            Squares(graph, Copy(graph, node, role, data, graph.AddConstant(weight.Name + "_rounding", rounding), null)),
            Squares(graph, Copy(graph, node, role, data, graph.AddConstant(weight.Name + "_clipping", clipping), null)),
        ];
    }

    private static Value Copy(Graph graph, Node node, OperatorRole.Weighted role, Value data, Value weight, Value? bias)
    {
        Value?[] inputs = [data, .. node.Inputs.Skip(1)];
        inputs[role.WeightInput] = weight;
        if (role.BiasInput is { } b && b < inputs.Length)
        {
            inputs[b] = bias;
        }

        var output = graph.Add(node.OpType, inputs, node.Output.Name + "_copy", node.Domain);
        foreach (var (name, value) in node.Attributes)
        {
            output.Producer!.SetAttribute(name, value);
        }

        return output;
    }

    private static string Squares(Graph graph, Value value)
    {
        var sum = graph.Add("ReduceSumSquare", [value], value.Name + "_squares");
        sum.Producer!.SetAttribute("keepdims", 0);
        return sum.Name;
    }

    private static (Tensor Rounding, Tensor Clipping) WeightErrors(Tensor weight, QuantizedWeights constants)
    {
        float[] exact = weight.ToFloats();
        float[] rounded = constants.Dequantize().ToFloats();
        var (parameters, shape) = (constants.Params, weight.Shape);
        long inner = parameters.Axis is { } axis ? shape.CountAfter(axis) : 1;
        var clipping = new float[exact.Length];
        for (int i = 0; i < exact.Length; i++)
        {
            int channel = parameters.Axis is { } a ? (int)(i / inner % shape[a]) : 0;
            float limit = parameters.Scales[channel] * parameters.Type.Max;

            // Half a step beyond the end is rounding still.
            float reach = limit + (parameters.Scales[channel] / 2);
            clipping[i] = Math.Abs(exact[i]) > reach ? (exact[i] > 0 ? limit : -limit) - exact[i] : 0;
        }

        float[] rounding = [.. exact.Select((w, i) => rounded[i] - w - clipping[i])];
        return (Tensor.FromArray(rounding, shape), Tensor.FromArray(clipping, shape));
    }

    /// <summary>A layer's input quantized, and the two parts of its error.</summary>
    private sealed record Input(Value Quantized, Value Rounding, Value Clipping)
    {
        public static Input Of(Graph graph, Value data, QuantParams parameters)
        {
            string name = data.Name;
            Value[] scheme =
            [
                graph.AddConstant(name + "_scale", Tensor.Scalar(parameters.Scale)),
                graph.AddConstant(name + "_zero_point", IntegerTensor.Pack([parameters.ZeroPoint], parameters.Type, default)),
            ];
            Value[] ends = [graph.AddConstant(name + "_low", Tensor.Scalar(parameters.RealMin())), graph.AddConstant(name + "_high", Tensor.Scalar(parameters.RealMax()))];
            var quantized = graph.Add("DequantizeLinear", [graph.Add("QuantizeLinear", [data, .. scheme], name + "_q"), .. scheme], name + "_dq");
            var clipped = graph.Add("Clip", [data, .. ends], name + "_clipped");
            return new Input(quantized, graph.Add("Sub", [quantized, clipped], name + "_rounding"), graph.Add("Sub", [clipped, data], name + "_clipping"));
        }
    }
}
