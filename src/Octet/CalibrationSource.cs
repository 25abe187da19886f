using Octet.Calibration;
using Octet.Calibration.Files;
using Octet.Data;
using Octet.Graphs;
using Octet.Planning;

namespace Octet;

/// <summary>Where a static quantization has its statistics from: samples that it runs, or statistics that were gathered from them before.</summary>
internal sealed class CalibrationSource
{
    /// <summary>Samples that conflicts of ranges are looked for with.</summary>
    public const int GuardSamples = 8;

    private readonly ISampleSource? samples;
    private readonly CalibrationStatistics? saved;

    /// <summary>Takes samples.</summary>
    public CalibrationSource(ISampleSource samples)
    {
        this.samples = samples;
    }

    /// <summary>Takes statistics.</summary>
    public CalibrationSource(CalibrationStatistics saved)
    {
        this.saved = saved;
    }

    /// <summary>The samples.</summary>
    /// <exception cref="InvalidOperationException">There are none, only statistics.</exception>
    public ISampleSource Samples => samples ?? throw new InvalidOperationException("There are statistics, but no samples.");

    /// <summary>Whether there are samples.</summary>
    public bool HasSamples => samples is not null;

    /// <summary>Number of samples.</summary>
    public int Count => samples?.Count ?? saved!.SampleCount;

    /// <summary>Types and shapes of the model's values.</summary>
    public ObservedTypes Types(Model model, CancellationToken cancellationToken)
    {
        if (saved is null)
        {
            return TypeProbe.Run(model, Samples.Load(0).Inputs, cancellationToken);
        }

        if (new ContentHashes(withConstants: false).Of(model) != saved.Origin.Graph)
        {
            throw new OctetException(ErrorCodes.StatisticsStranger, "the statistics are a stranger's: the model's structure differs", "calibrate this model (octet calibrate)");
        }

        return new ObservedTypes(saved.Types);
    }

    /// <summary>Tensors of a target's plan whose parts have ranges too unlike for one scale.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="target">Name of the target.</param>
    /// <param name="planWith">Plans for it with the layers of some words float.</param>
    /// <param name="words">What the user keeps float.</param>
    /// <param name="mayWiden">Whether a tensor may get 16 bits, where samples tell that it is worth it.</param>
    /// <param name="threads">Samples side by side.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public IReadOnlyList<RangeConflict> Conflicts(
        Model model, string target, Func<IReadOnlyList<string>, Plan> planWith, IReadOnlyList<string> words, bool mayWiden, int threads, CancellationToken cancellationToken)
    {
        if (saved is null)
        {
            var some = Samples.Spread(GuardSamples);
            Func<RangeConflict, Func<RangeConflict, Plan>, RangeConflict>? remedy = mayWiden ? new RangeRemedies(model, some, threads, cancellationToken).Choose : null;
            return RangeGuard.FindAll(model, planWith, words, new ObservedRanges(model, some, threads), remedy, cancellationToken);
        }

        return saved.Conflicts.TryGetValue(target, out var conflicts) ? conflicts : throw new OctetException(
                ErrorCodes.StatisticMissing,
                $"the statistics are for {(saved.Conflicts.Count == 0 ? "no target" : string.Join(", ", saved.Conflicts.Keys))}, not for {target}",
                $"calibrate with --target {target}, or without --target for all");
    }

    /// <summary>The statistics that are asked for.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.StatisticMissing"/>, <see cref="ErrorCodes.StatisticsStranger"/> or <see cref="ErrorCodes.StatisticKindRefused"/>;
    /// or a sample is at fault.</exception>
    public CalibrationResult Gather(Model model, SweepRequest request, string method, int threads, Phases phases, CancellationToken cancellationToken)
    {
        phases.Begin("calibration", samples is null ? 1 : samples.Count * request.Sweeps);
        if (saved is null)
        {
            return CalibrationSweep.Run(model, Samples, request, threads, phases.Step, cancellationToken);
        }

        saved.Require(request.Needs, $"method {method}");
        if (request.Tensors.FirstOrDefault(t => !saved.Tensors.ContainsKey(t)) is { } missing)
        {
            throw new OctetException(ErrorCodes.StatisticMissing, $"the statistics lack tensor \"{missing}\"", "keep fewer layers float, or give --data");
        }

        var hashes = new ContentHashes(withConstants: true);
        string[] changed =
        [
            .. request.Tensors.Where(t => hashes.Of(model.Graph.Find(t)!) != saved.Tensors[t].Hash),
            .. request.Patches.Where(p => saved.Rows.TryGetValue(p.Layer, out var rows) && hashes.Of(model.Graph.Find(p.Tensor)!) != rows.Hash).Select(p => p.Tensor),
        ];
        if (changed.Length > 0)
        {
            throw new OctetException(
                ErrorCodes.StatisticsStranger,
                $"the model's weights differ from those that the statistics are of: {changed.Distinct().Count()} of {request.Tensors.Count} tensors lie behind changed ones, first \"{changed[0]}\"",
                "octet calibrate --reuse gathers these anew and keeps the rest");
        }

        return saved.Result with
        {
            Patches = request.Patches.Where(p => saved.Rows.ContainsKey(p.Layer)).ToDictionary(p => p.Layer, p => saved.Rows[p.Layer].Rows, StringComparer.Ordinal),
        };
    }
}
