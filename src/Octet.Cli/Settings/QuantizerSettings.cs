using System.Collections.Immutable;
using System.CommandLine;
using Octet.Calibration.Thresholds;
using Octet.Planning.Targets;

namespace Octet.Cli.Settings;

/// <summary>The options of a <see cref="Quantizer"/>.</summary>
internal sealed class QuantizerSettings
{
    private static readonly string[] Uses = ["auto", "always", "never"];

    private readonly ChoiceSetting mode = new(
        "mode", ["static", "dynamic", "weights"], "static: weights and activations, calibrated with --data; dynamic: activations at run time; weights: arithmetic stays float");

    private readonly ChoiceSetting target = new("target", [.. TargetCatalog.All.Select(t => t.Name)], "what the model will run on");

    private readonly ChoiceSetting method = new(
        "method", [ThresholdMethods.Auto, .. ThresholdMethods.All.Select(m => m.Name)], "how ranges of activations are chosen; auto: for each tensor by the error at its consumer's output, or one for all by that at the network's");

    private readonly WordsSetting parameters = new("param", "NAME=VALUE", "a parameter of the method, by the name that its original has; may be repeated; octet threshold --list tells them");
    private readonly ChoiceSetting effort = new("effort", ["normal", "fast", "high"], "fast: one sweep over the data and nothing else; high: ranges by the error at the network's outputs, minutes for large models");
    private readonly ChoiceSetting form = new("form", ["qdq", "qoperator"], "how integer operators are written");
    private readonly ChoiceSetting saturation = new("saturation", ["avoid", "ignore"], "whether weights are narrowed where 16-bit sums would saturate on processors without VNNI");
    private readonly NumberSetting<int> weightBits = new("weight-bits", "bits of a weight; with --mode weights 8 or 4", 2, 8, "8");
    private readonly NumberSetting<int> activationBits = new("activation-bits", "bits of an activation, 8 or 16", 8, 16, "8");

    private readonly WordsSetting keepFloat = new("keep-float", "WORDS", "layers that stay float: names, operator types, depthwise, or worst:N, between commas; may be repeated");

    private readonly TextsSetting layers = new(
        "layer", "SETTING", "what single layers shall have instead: \"PATTERN: method=NAME factor=N threshold=N weight-bits=2..8 weights=per-tensor float\", as many of these as are needed; may be repeated, later ones win");

    private readonly NumberSetting<double> layerBudget = new(
        "layer-budget", "warn of layers that cost the outputs more SQNR than this", 0.01, 100, "3", "DB");

    private readonly TextSetting plan = new("plan", "FILE", "the report of an earlier run: its ranges of activations are taken, in place of choosing some; the same options, samples and model then give the same bytes");
    private readonly FlagSetting integerOutputs = new("integer-outputs", "compute with integers to the end, also where the target could leave the outputs float; --format c means this");
    private readonly FlagSetting noRangeGuard = new("no-range-guard", "quantize even what joins values of ranges too unlike for one scale");
    private readonly ChoiceSetting equalization = new("equalization", Uses, "whether the channels between layers are brought to like size (cross-layer equalization); auto: where less noise is predicted and, at --effort high, the outputs do not contradict");
    private readonly ChoiceSetting smoothing = new("smoothing", Uses, "whether outliers of the activations that matrix products read move to the weights (SmoothQuant); auto: where samples tell that it helps");
    private readonly ChoiceSetting splitting = new("splitting", Uses, "whether channels that are large beside others are split into several, at a few multiply-accumulates more; auto: where samples tell that it helps");
    private readonly ChoiceSetting channelGrouping = new("channel-grouping", Uses, "whether a layer with one scale for its weights becomes several, each of the output channels with weights of like size (SOPHON's conv_group); auto: with --effort high, where samples tell that it helps");
    private readonly FlagSetting noBiasCorrection = new("no-bias-correction", "do not let biases take up the mean shift of the outputs");
    private readonly FlagSetting noErrorFeedback = new("no-error-feedback", "round weights to the nearest, without error feedback (GPTQ)");

    /// <summary>The options, in the order of help.</summary>
    public IReadOnlyList<Option> All => [mode, target, method, parameters, effort, form, saturation, weightBits, activationBits, keepFloat, layers, layerBudget, plan, integerOutputs, noRangeGuard, equalization, smoothing, splitting, channelGrouping, noBiasCorrection, noErrorFeedback];

    /// <summary>The options of static quantization that tell in an analysis, where no model is written.</summary>
    public IReadOnlyList<Option> OfStatic => [.. All.Except([mode, form, layerBudget])];

    /// <summary>Path of the plan; null for none.</summary>
    public string? PlanOf(Invocation invocation) => invocation.Get(plan);

    /// <summary>The quantizer's options, with notes of what does not fit together.</summary>
    /// <param name="invocation">Has the values.</param>
    /// <param name="data">The options about samples.</param>
    /// <param name="evaluates">Whether there are evaluation samples, which are prepared like the others.</param>
    /// <param name="solves">Whether there are statistics in place of calibration samples.</param>
    /// <param name="problems">Takes the notes.</param>
    public QuantizerOptions Read(Invocation invocation, DataSettings data, bool evaluates, bool solves, Problems problems)
    {
        RefinementUse UseOf(ChoiceSetting setting) => Enum.Parse<RefinementUse>(invocation.Get(setting)!, ignoreCase: true);
        var given = problems.Try(() => new ThresholdParameters(invocation.Get(parameters)!));
        problems.AddIf(given is { Bits: not null } or { Asymmetric: not null } or { PerChannel: not null }, "--param says bits, a scheme or channels, which are the target's", "leave them out, and name a --target");
        var options = new QuantizerOptions
        {
            Parameters = (given?.Own ?? new Dictionary<string, double>()).ToImmutableSortedDictionary(StringComparer.Ordinal),
            Mode = Enum.Parse<QuantizationMode>(invocation.Get(mode) ?? nameof(QuantizationMode.Static), ignoreCase: true),
            Target = invocation.Get(target)!,
            Method = invocation.Get(method)!,
            Effort = solves ? Effort.Fast : Enum.Parse<Effort>(invocation.Get(effort)!, ignoreCase: true),
            Form = Enum.Parse<OutputForm>(invocation.Get(form) ?? nameof(OutputForm.Qdq), ignoreCase: true),
            Saturation = Enum.Parse<SaturationPolicy>(invocation.Get(saturation)!, ignoreCase: true),
            WeightBits = invocation.Get(weightBits) ?? 8,
            ActivationBits = invocation.Get(activationBits) ?? 8,
            KeepFloat = invocation.Get(keepFloat)!,
            Layers = [.. invocation.Get(layers)!.Select(l => problems.Try(() => LayerSetting.Parse(l))).OfType<LayerSetting>()],
            LayerBudget = invocation.Get(layerBudget) ?? new QuantizerOptions().LayerBudget,
            IntegerOutputs = invocation.Get(integerOutputs),
            RangeGuard = !invocation.Get(noRangeGuard),
            Equalization = UseOf(equalization),
            Smoothing = UseOf(smoothing),
            Splitting = UseOf(splitting),
            ChannelGrouping = UseOf(channelGrouping),
            BiasCorrection = !invocation.Get(noBiasCorrection),
            ErrorFeedback = !invocation.Get(noErrorFeedback),
            Plan = invocation.Get(plan) is { } saved ? problems.Try(() => SavedPlan.Read(saved)) : null,
            Threads = invocation.Get(data.Threads) ?? Environment.ProcessorCount,
            Seed = invocation.Get(data.Seed) ?? 0,
        };
        if (options.Mode != QuantizationMode.Static)
        {
            RefuseIdle(invocation, problems, options.Mode, data.Data, data.Samples, data.Shuffle, data.Seed, target, method, parameters, form, activationBits, layers, layerBudget, integerOutputs, noRangeGuard, equalization, smoothing, splitting, channelGrouping, noBiasCorrection, noErrorFeedback);
            RefuseIdle(invocation, problems, options.Mode, options.Mode == QuantizationMode.Dynamic ? effort : saturation);
            if (!evaluates)
            {
                RefuseIdle(invocation, problems, options.Mode, data.Preprocess);
            }
        }

        if (options is { Mode: QuantizationMode.Static, Effort: Effort.Fast })
        {
            foreach (var option in ((Option[])[layerBudget, equalization, smoothing, splitting, channelGrouping, noBiasCorrection, noErrorFeedback]).Where(invocation.IsGiven))
            {
                problems.Add($"{option.Name} has no effect with --effort fast, which does none of it", "leave it out");
            }
        }

        problems.AddIf(invocation.IsGiven(plan) && invocation.IsGiven(parameters), "--param has no effect with --plan, which has the ranges", "leave it out");
        problems.AddIf(invocation.IsGiven(plan) && invocation.IsGiven(method), "--method has no effect with --plan, which has the ranges", "leave it out");
        if (solves)
        {
            const string Why = "with --statistics, which hold no samples to balance channels, round by or correct biases with";
            problems.AddIf(invocation.IsGiven(effort) && invocation.Get(effort) != "fast", $"--effort {invocation.Get(effort)} cannot be done {Why}", "give --data instead, or leave --effort out");
            problems.AddIf(options.Mode != QuantizationMode.Static, "--statistics has no effect without --mode static", "leave it out");
            foreach (var option in ((Option[])[data.Data, data.Samples, data.Shuffle]).Where(invocation.IsGiven))
            {
                problems.Add($"{option.Name} has no effect with --statistics", "give one of them");
            }
        }

        problems.Try(() => new Quantizer(options));

        return options;
    }

    // An option without effect is a misunderstanding that its user should hear of.
    private static void RefuseIdle(Invocation invocation, Problems problems, QuantizationMode mode, params Option[] idle)
    {
        foreach (var option in idle.Where(invocation.IsGiven))
        {
            problems.Add($"{option.Name} has no effect with --mode {mode.ToString().ToLowerInvariant()}", "leave it out");
        }
    }
}
