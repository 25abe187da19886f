using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Octet.Graphs;

namespace Octet.Planning;

/// <summary>The settings that a user gave for single layers, and the layers that they name. Where several name one, later ones win, key by key.</summary>
public sealed class LayerChoices
{
    private readonly (LayerSetting Setting, ImmutableHashSet<string> Names)[] choices;

    /// <summary>Finds what the patterns name.</summary>
    /// <param name="graph">The graph after rewriting; only names of it are kept.</param>
    /// <param name="settings">The settings.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.UnknownName"/>: a pattern names nothing; the nearest names are told.</exception>
    public LayerChoices(Graph graph, IReadOnlyList<LayerSetting> settings)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(settings);
        choices = [.. settings.Select(s => (s, Named(graph, s.Pattern)))];
    }

    /// <summary>Keys of the layers that stay float.</summary>
    public ImmutableArray<string> KeptFloat => [.. choices.Where(c => c.Setting.Float).SelectMany(c => c.Names).Order(StringComparer.Ordinal)];

    /// <summary>The plan with all of it written in: types of weights, choices of ranges, and why layers stay float.</summary>
    public Plan ApplyTo(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        foreach (var (setting, names) in choices)
        {
            plan = plan with { Layers = [.. plan.Layers.Select(l => names.Contains(l.Key) ? Chosen(l, setting) : l)] };
            if (setting.HasRange)
            {
                var roots = Outputs(plan, names).Select(t => plan.Root(t).Tensor).ToHashSet(StringComparer.Ordinal);
                plan = plan with { Slots = [.. plan.Slots.Select(s => roots.Contains(s.Tensor) ? s with { Choice = Chosen(s.Choice, setting) } : s)] };
            }
        }

        return plan;
    }

    /// <summary>The setting that decides something of a layer, the last that says it; null where none does.</summary>
    /// <param name="key">The layer's key.</param>
    /// <param name="says">Whether a setting says anything about it.</param>
    public LayerSetting? Deciding(string key, Func<LayerSetting, bool> says) => choices.LastOrDefault(c => c.Names.Contains(key) && says(c.Setting)).Setting;

    /// <summary>What became of each setting at each layer that it names.</summary>
    /// <param name="plan">All parameters solved.</param>
    public ImmutableArray<(LayerSetting Setting, string Layer, string Decided)> Decided(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return [.. choices.SelectMany(c => plan.Layers.Where(l => c.Names.Contains(l.Key)).Select(l => (c.Setting, l.Name, Decided(plan, l, c.Setting)))
            .Concat(c.Names.Where(n => plan.Layers.All(l => l.Key != n) && plan.SlotOf(n) is not null).Select(n => (c.Setting, n, RangeOf(plan, n)))))];
    }

    private static LayerPlan Chosen(LayerPlan layer, LayerSetting setting)
    {
        if (layer.Decision == LayerDecision.Float)
        {
            return setting.Float ? layer with { Why = $"kept float as asked (\"{setting}\")" } : layer;
        }

        return layer with
        {
            WeightType = layer.WeightType is { } type && setting.WeightBits is { } bits ? type with { Bits = bits } : layer.WeightType,
            PerChannelWeights = layer.PerChannelWeights && setting.PerChannelWeights != false,
        };
    }

    private static RangeChoice Chosen(RangeChoice? earlier, LayerSetting setting) => new(
        setting.ToString(),
        setting.Method ?? (setting.Threshold is null ? earlier?.Method : null),
        setting.Factor ?? (setting.Threshold is null ? earlier?.Factor : null) ?? 1,
        setting.Threshold ?? (setting.Method is null && setting.Factor is null ? earlier?.Threshold : null));

    private static IEnumerable<string> Outputs(Plan plan, ImmutableHashSet<string> names)
        => plan.Layers.Where(l => names.Contains(l.Key)).SelectMany(l => l.DataOutputs).Concat(names).Where(t => plan.SlotOf(t) is not null);

    private static string Decided(Plan plan, LayerPlan layer, LayerSetting setting)
    {
        var parts = new List<string>();
        if (layer.Decision == LayerDecision.Float)
        {
            return $"float: {layer.Why}";
        }

        if (layer.WeightType is { } type && (setting.WeightBits ?? (object?)setting.PerChannelWeights) is not null)
        {
            parts.Add($"weights {type}, {(layer.PerChannelWeights ? "per channel" : "per tensor")}");
        }

        if (setting.HasRange)
        {
            string[] tensors = [.. layer.DataOutputs.Append(layer.Key).Where(t => plan.SlotOf(t) is not null).Distinct()];
            parts.Add(tensors.Length == 0 ? "no integers leave it, so no range is chosen" : string.Join("; ", tensors.Select(t => RangeOf(plan, t))));
        }

        return parts.Count == 0 ? "nothing of this applies to it" : string.Join("; ", parts);
    }

    private static string RangeOf(Plan plan, string tensor)
    {
        var root = plan.Root(tensor);
        var parameters = plan.ParamsOf(tensor);
        string shared = root.Tensor == tensor ? string.Empty : $", shared with {root.Tensor}";
        string how = root.Source is not SlotSource.Calibrated ? " (its operator fixes the range)"
            : root.Choice?.Threshold is not null ? " as the threshold says"
            : FormattableString.Invariant($" by {root.Method}{(root.Choice is { Factor: not 1 and var factor } ? FormattableString.Invariant($" times {factor}") : string.Empty)}");
        return FormattableString.Invariant($"range {parameters.RealMin():G5} to {parameters.RealMax():G5}{how}{shared}");
    }

    /// <summary>Keys of the nodes and names of the graph inputs that a pattern means.</summary>
    private static ImmutableHashSet<string> Named(Graph graph, string pattern)
    {
        var expression = new Regex("^" + Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal).Replace(@"\?", ".", StringComparison.Ordinal) + "$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        var named = graph.Nodes
            .Where(n => n.Outputs.Any(o => o is not null) && (pattern == KeepFloat.Depthwise ? KeepFloat.IsDepthwise(n) : KeepFloat.Names(n).Any(expression.IsMatch)))
            .Select(n => n.Outputs.OfType<Value>().First().Name)
            .Concat(graph.Inputs.Where(i => expression.IsMatch(i.Name)).Select(i => i.Name))
            .ToImmutableHashSet(StringComparer.Ordinal);
        return named.IsEmpty && pattern != KeepFloat.Depthwise
            ? throw NameSuggestion.Unknown("layer or operator type", pattern, graph.Nodes.SelectMany(KeepFloat.Names).Append(KeepFloat.Depthwise).Distinct())
            : named;
    }
}
