using Octet.Graphs;

namespace Octet.Analysis.Causes;

/// <summary>Something that a user can do about a cause.</summary>
/// <param name="Text">What to do, in words or as options of the command.</param>
/// <param name="Change">The options with it; null where there is no option for it, so that it cannot be tried.</param>
/// <param name="CalibratesWithEvaluationData">Whether the samples that were measured on calibrate instead.</param>
public sealed record Remedy(string Text, Func<QuantizerOptions, QuantizerOptions>? Change, bool CalibratesWithEvaluationData = false)
{
    private const int NamesTold = 3;

    /// <summary>The model as it should have been given, made of the one that was; null for that one. For trials: the model that a user gave is never changed.</summary>
    public Func<Model, Model>? Edit { get; init; }

    /// <summary>Do what effort fast leaves out.</summary>
    public static Remedy NormalEffort { get; } = new("--effort normal", o => o with { Effort = Effort.Normal });

    /// <summary>Let the range guard keep float what joins unlike ranges.</summary>
    public static Remedy RangeGuard { get; } = new("leave out --no-range-guard", o => o with { RangeGuard = true });

    /// <summary>Balance the channels between layers.</summary>
    public static Remedy Equalization { get; } = new("leave out --equalization never", o => o with { Equalization = RefinementUse.Auto });

    /// <summary>Let outliers move to the weights.</summary>
    public static Remedy Smoothing { get; } = new("leave out --smoothing never", o => o with { Smoothing = RefinementUse.Auto });

    /// <summary>Keep the layers of some suspicions float.</summary>
    /// <param name="evidence">Has the layers' names.</param>
    /// <param name="suspicions">The suspicions.</param>
    public static Remedy KeepFloat(Evidence evidence, IReadOnlyList<Suspicion> suspicions)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        string[] keys = [.. suspicions.SelectMany(s => s.Layers).Distinct()];
        string[] names = [.. keys.Select(evidence.NameOf)];
        string more = names.Length > NamesTold ? $" (and {names.Length - NamesTold} more)" : string.Empty;
        return new Remedy($"--keep-float {string.Join(',', names.Take(NamesTold))}{more}", o => o with { KeepFloat = [.. o.KeepFloat, .. keys] });
    }

    /// <summary>The remedies where channels of activations are unlike.</summary>
    internal static IEnumerable<Remedy> OfOutliers(Evidence evidence, IReadOnlyList<Suspicion> suspicions)
        => [.. OfUnlikeChannels(evidence), .. LeftOut(evidence, evidence.Options.Smoothing, Smoothing), .. OfLayers(evidence, suspicions)];

    /// <summary>The remedy where channels of activations or weights are unlike and were left so.</summary>
    internal static IEnumerable<Remedy> OfUnlikeChannels(Evidence evidence)
        => LeftOut(evidence, evidence.Options.Equalization, Equalization);

    // At effort fast nothing is refined, whatever is asked for.
    private static IEnumerable<Remedy> LeftOut(Evidence evidence, RefinementUse use, Remedy remedy)
        => use == RefinementUse.Never && evidence.Options.Effort != Effort.Fast ? [remedy] : [];

    /// <summary>The remedies of most causes in layers: normal effort where it was not spent, then floats.</summary>
    internal static IEnumerable<Remedy> OfLayers(Evidence evidence, IReadOnlyList<Suspicion> suspicions)
        => evidence.Options.Effort == Effort.Fast ? [NormalEffort, KeepFloat(evidence, suspicions)] : [KeepFloat(evidence, suspicions)];
}
