using System.Collections.Immutable;
using Octet.Calibration.Statistics;
using Octet.Calibration.Thresholds;
using Octet.Planning;
using Octet.Planning.Targets;

namespace Octet;

/// <summary>What a calibration gathers for the methods that shall be solved later.</summary>
internal static class CalibrationNeeds
{
    /// <summary>The needs of a method for every target, with its defaults.</summary>
    public static IEnumerable<StatisticNeed> Of(IThresholdMethod method)
        => TargetCatalog.All.SelectMany(t => Of(method, t)).Distinct();

    /// <summary>The needs of a method for a target, with its defaults.</summary>
    public static ImmutableArray<StatisticNeed> Of(IThresholdMethod method, Target target)
        => method.Needs(target.Activations, target.SymmetricActivations, new ThresholdSettings(method));

    /// <summary>The needs that options ask for: of the methods named, and what the adviser looks at.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.UnknownName"/>; <see cref="ErrorCodes.StatisticKindRefused"/>: a kind cannot be saved, or not in shards.</exception>
    public static ImmutableArray<StatisticNeed> Of(CalibrationOptions options)
    {
        IEnumerable<StatisticNeed> needs = options.Methods switch
        {
            [] => ThresholdMethods.All.Select(Of).Where(n => n.All(IsOfOneSweep)).SelectMany(n => n),
            [CalibrationOptions.AllMethods] => ThresholdMethods.All.Select(Of).Where(n => n.All(d => d.Kind != StatisticKind.Raw)).SelectMany(n => n),
            _ => options.Methods.Where(m => m != ThresholdMethods.Auto).Select(ThresholdMethods.Find).SelectMany(m => Checked(m, options)),
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

    private static bool IsOfOneSweep(StatisticNeed need) => need.Kind is StatisticKind.OrderFree or StatisticKind.Indexed;

    private static IEnumerable<StatisticNeed> Checked(IThresholdMethod method, CalibrationOptions options)
        => Of(method).FirstOrDefault(n => n.Kind == StatisticKind.Raw) is { } raw
            ? throw Refused($"method {method.Name} works on the values themselves ({raw.Key}), which are not saved", "give octet quantize the samples with --data")
            : Of(method);

    private static OctetException Refused(string problem, string remedy) => new(ErrorCodes.StatisticKindRefused, problem, remedy);
}
