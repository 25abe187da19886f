using System.Collections.Immutable;
using Octet.Calibration.Statistics;
using Octet.Calibration.Thresholds;
using Octet.Planning;
using Octet.Planning.Targets;

namespace Octet;

/// <summary>What a calibration gathers for the methods that shall be solved later.</summary>
internal static class CalibrationNeeds
{
    /// <summary>The needs of a method for a target.</summary>
    /// <param name="method">The method.</param>
    /// <param name="target">The target.</param>
    /// <param name="parameters">Parameters of several methods, by name.</param>
    public static ImmutableArray<StatisticNeed> Of(IThresholdMethod method, Target target, IReadOnlyDictionary<string, double> parameters)
        => Of(method, target, ThresholdSolver.SettingsFor(method, target.Scheme, ThresholdSettings.OwnOf(method, parameters)));

    /// <summary>The needs that options ask for: of the methods named, and what the adviser looks at.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.UnknownName"/>; <see cref="ErrorCodes.InvalidUsage"/>: a parameter;
    /// <see cref="ErrorCodes.StatisticKindRefused"/>: a kind cannot be saved, or not in shards.</exception>
    public static ImmutableArray<StatisticNeed> Of(CalibrationOptions options)
    {
        IThresholdMethod[] named = [.. options.Methods.Where(m => m is not (ThresholdMethods.Auto or CalibrationOptions.AllMethods)).Select(ThresholdMethods.Find)];
        Check(options.Parameters.Keys, named, "to calibrate for", "name the method that it is of with --methods");
        Target[] targets = [.. TargetsOf(options)];
        IEnumerable<StatisticNeed> NeedsOf(IThresholdMethod method) => targets.SelectMany(t => Of(method, t, SettingsOf(method, options))).Distinct();
        IEnumerable<StatisticNeed> needs = options.Methods switch
        {
            [] => ThresholdMethods.All.Select(NeedsOf).Where(n => n.All(IsOfOneSweep)).SelectMany(n => n),
            [CalibrationOptions.AllMethods] => ThresholdMethods.All.Select(NeedsOf).Where(n => n.All(d => d.Kind != StatisticKind.Raw)).SelectMany(n => n),
            _ => named.SelectMany(m => Saved(m, NeedsOf(m))),
        };
        StatisticNeed[] all = [.. needs.SelectMany(n => n.Requires.Append(n)).Append(new BatchExtremes()).Distinct()];
        if (options.Shard is not null && all.FirstOrDefault(n => n.Kind == StatisticKind.Ordered) is { } ordered)
        {
            throw Refused($"{ordered.Key} is ordered by nature: every value changes how the next one is taken, so shards of it cannot be put together", "calibrate without --shard, or without the methods that need it");
        }

        // A shard alone does not know the extremes of all samples: what needs them waits until the shards are merged.
        bool waits = options is { Shard: not null, Reuse: null };
        return [.. all.Where(n => !waits || n.Kind != StatisticKind.SecondSweep).OrderBy(n => n.Key, StringComparer.Ordinal)];
    }

    /// <summary>The targets that options name, or all; in the order of the catalog.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.UnknownName"/>.</exception>
    public static IEnumerable<Target> TargetsOf(CalibrationOptions options)
    {
        Target[] named = [.. options.Targets.Select(TargetCatalog.Find)];
        return named.Length == 0 ? TargetCatalog.All : TargetCatalog.All.Where(named.Contains);
    }

    private static ImmutableArray<StatisticNeed> Of(IThresholdMethod method, Target target, ThresholdSettings settings)
        => method.Needs(target.Activations, target.SymmetricActivations, settings);

    private static ThresholdSettings SettingsOf(IThresholdMethod method, CalibrationOptions options)
        => new(method, ThresholdSettings.OwnOf(method, options.Parameters));

    /// <summary>Checks parameters by name against the methods that shall take them.</summary>
    /// <param name="parameters">The names.</param>
    /// <param name="methods">The methods.</param>
    /// <param name="purpose">What the methods are for, for messages: <c>to calibrate for</c>.</param>
    /// <param name="remedy">How to name a method.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.UnknownName"/>: no method has such a parameter; <see cref="ErrorCodes.InvalidUsage"/>: no method has any.</exception>
    public static void Check(IEnumerable<string> parameters, IReadOnlyCollection<IThresholdMethod> methods, string purpose, string remedy)
    {
        ThresholdParameter[] known = [.. methods.SelectMany(m => m.Parameters)];
        foreach (string name in parameters.Where(p => !known.Any(k => k.IsCalled(p))))
        {
            throw known.Length > 0
                ? NameSuggestion.Unknown($"parameter of the methods {purpose} named", name, known.Select(k => k.Name).Distinct().Order(StringComparer.Ordinal))
                : new OctetException(
                    ErrorCodes.InvalidUsage,
                    $"the parameter {name} is given, but no method that has parameters",
                    $"{remedy}; octet threshold --list tells the parameters of all");
        }
    }

    private static bool IsOfOneSweep(StatisticNeed need) => need.Kind is StatisticKind.OrderFree or StatisticKind.Indexed;

    private static IEnumerable<StatisticNeed> Saved(IThresholdMethod method, IEnumerable<StatisticNeed> needs)
        => needs.FirstOrDefault(n => n.Kind == StatisticKind.Raw) is { } raw
            ? throw Refused($"method {method.Name} works on the values themselves ({raw.Key}), which are not saved", "give octet quantize the samples with --data")
            : needs;

    private static OctetException Refused(string problem, string remedy) => new(ErrorCodes.StatisticKindRefused, problem, remedy);
}
