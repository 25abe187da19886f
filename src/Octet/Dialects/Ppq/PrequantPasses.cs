using Octet.Data;
using Octet.Graphs;
using Octet.Inference;
using Octet.Refinement;
using Octet.Rewrites;

namespace Octet.Dialects.Ppq;

/// <summary>What PPQ does to a float network before it is quantized (build_prequant_pipeline): weights split, factorized, channels split, equalized.</summary>
/// <param name="platform">The platform.</param>
/// <param name="setting">The settings.</param>
/// <param name="warnings">Told what was not done.</param>
internal sealed class PrequantPasses(TargetPlatform platform, QuantizationSetting setting, ICollection<string> warnings)
{
    // PPQ looks at two batches more than it means to.
    private const int Batches = 18;

    // Items that SSD equalization looks at.
    private const int SsdItems = 200;

    /// <summary>Runs the passes that are switched on.</summary>
    /// <param name="model">The network; it is changed.</param>
    /// <param name="dispatched">The nodes that are quantized; new nodes go where those go that they were made of.</param>
    /// <param name="samples">Calibration batches.</param>
    /// <param name="threads">Batches side by side.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.UnknownName"/>, <see cref="ErrorCodes.DialectUnsupported"/>: a layer is not there, or cannot be split.</exception>
    public void Run(Model model, HashSet<Node> dispatched, ISampleSource samples, int threads, CancellationToken cancellationToken)
    {
        if (setting.WeightSplit)
        {
            var options = setting.WeightSplitSetting;
            Refuse(options.Method != "balance", $"weight_split_setting.method \"{options.Method}\"", "take balance: random halves are not the same twice");
            foreach (var node in Named(model.Graph, options.InterestedLayers, "weight_split"))
            {
                Refuse(!IsLayer(node), $"weight_split of \"{PpqGraph.NameOf(node)}\" ({node.OpType})", "name layers with constant weights");
                Place(dispatched, node, SplitLayer.Beside(node, options.ValueThreshold));
            }
        }

        if (setting.MatrixFactorization)
        {
            var options = setting.MatrixFactorizationSetting;
            Refuse(options.Method != "svd", $"matrix_factorization_setting.method \"{options.Method}\"", "take svd");
            foreach (var node in Named(model.Graph, options.InterestedLayers, "matrix_factorization"))
            {
                Refuse(!SplitLayer.CanFactorize(node), $"matrix_factorization of \"{PpqGraph.NameOf(node)}\" ({node.OpType})", "name Gemms and convolutions of 1 x 1");
                Place(dispatched, node, [SplitLayer.InTwo(node)]);
            }
        }

        if (setting.ChannelSplit)
        {
            var options = setting.ChannelSplitSetting;
            int added = new ChannelSplit(options.OptLevel, options.Iterations, options.ValueThreshold)
            {
                BiasShare = options.IncludingBias ? options.BiasMultiplier : null,
                ActivationShare = options.IncludingAct ? options.ActMultiplier : null,
            }.Run(model, Some(samples, options.IncludingAct), threads, cancellationToken);
            if (added == 0)
            {
                warnings.Add(FormattableString.Invariant($"channel_split found no channel with weights of {options.ValueThreshold} on both sides"));
            }
        }

        if (setting.Equalization)
        {
            var options = setting.EqualizationSetting;
            new LayerwiseEqualization(options.OptLevel, options.Iterations, options.ValueThreshold)
            {
                BiasShare = options.IncludingBias ? options.BiasMultiplier : null,
                ActivationShare = options.IncludingAct ? options.ActMultiplier : null,
            }.Run(model, Some(samples, options.IncludingAct), threads, cancellationToken);
        }

        if (setting.SsdEqualization)
        {
            var options = setting.SsdSetting;
            Refuse(options.OptLevel != 1, FormattableString.Invariant($"ssd_setting.opt_level {options.OptLevel}"), "take 1, the only one that PPQ has");
            var first = samples.Load(0);
            long batch = Math.Max(1, first.Inputs.Values.First().Shape.Dimensions.FirstOrDefault(1));
            Sample[] some = [.. Enumerable.Range(0, (int)Math.Min(samples.Count, (SsdItems + batch - 1) / batch)).Select(samples.Load)];
            int kept = new SsdEqualization(options.ChannelRatio, options.LossThreshold, options.LayerNorm, options.Iteration)
                .Run(model, some, dispatched.Contains, (piece, inputs) => LossOf(piece, inputs, threads, cancellationToken), threads, cancellationToken);
            if (kept == 0)
            {
                warnings.Add("ssd_equalization found no change that lowers the error of two layers well enough");
            }
        }

        model.Graph.RemoveUnused();
    }

    // Two layers quantized by themselves, with the observers of the whole.
    private double LossOf(Model piece, IReadOnlyList<Sample> inputs, int threads, CancellationToken cancellationToken)
    {
        var alone = new QuantizationSetting
        {
            Dispatcher = "pointwise",
            QuantizeActivationSetting = setting.QuantizeActivationSetting,
            QuantizeParameterSetting = setting.QuantizeParameterSetting,
        };
        int count = Math.Clamp(inputs.Count, PpqQuantizer.LeastSteps, PpqQuantizer.MostSteps);
        var graph = new PpqQuantizer(platform, alone).Quantize(piece, SampleSources.FromMemory(inputs), count, threads, cancellationToken: cancellationToken);
        using var executor = new PpqExecutor(graph);
        using var reference = new FloatSession(graph.Float);
        return inputs.Sum(sample =>
        {
            using var outputs = reference.Run(sample.Inputs, null, cancellationToken);
            return MeanSquare(outputs.Span<float>(0), executor.Forward(sample.Inputs, cancellationToken)[0].AsSpan<float>());
        }) / inputs.Count;
    }

    private static double MeanSquare(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        double sum = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            sum += ((double)expected[i] - actual[i]) * ((double)expected[i] - actual[i]);
        }

        return sum / expected.Length;
    }

    private static IReadOnlyList<Sample> Some(ISampleSource samples, bool areNeeded)
        => areNeeded ? [.. Enumerable.Range(0, Math.Min(samples.Count, Batches)).Select(samples.Load)] : [];

    private static void Place(HashSet<Node> dispatched, Node origin, IEnumerable<Node> made)
    {
        if (dispatched.Contains(origin))
        {
            dispatched.UnionWith(made);
        }
    }

    private static bool IsLayer(Node node) => node.OpType is "Conv" or "ConvTranspose" or "Gemm" or "MatMul" && node.Domain.Length == 0 && node.Input(1) is { IsConstant: true };

    // PPQ takes no list to mean no layer.
    private static Node[] Named(Graph graph, IReadOnlyList<string> names, string pass)
    {
        Refuse(names.Count == 0, $"{pass} without layers", $"name some in {pass}_setting.interested_layers");
        return [.. names.Select(name => graph.Nodes.FirstOrDefault(n => n.DisplayName == name || n.Source.Contains(name))
            ?? throw NameSuggestion.Unknown("layer", name, graph.Nodes.Where(IsLayer).Select(PpqGraph.NameOf)))];
    }

    private static void Refuse(bool isWrong, string what, string remedy)
    {
        if (isWrong)
        {
            throw new OctetException(ErrorCodes.DialectUnsupported, $"Octet does not do {what}", remedy);
        }
    }
}
