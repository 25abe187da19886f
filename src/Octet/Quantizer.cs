using System.Globalization;
using System.Reflection;
using Octet.Analysis;
using Octet.Calibration.Files;
using Octet.Calibration.Inputs;
using Octet.Calibration.Thresholds;
using Octet.Data;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Inference;
using Octet.Planning.Targets;
using Octet.Rewrites;

namespace Octet;

/// <summary>
/// Makes an integer model from a float one.
/// <code>
/// var samples = SampleSources.Open("photos/", inputs, new SampleOptions { Preprocess = Preprocess.Parse("imagenet") });
/// var result = new Quantizer(new QuantizerOptions()).Quantize("model.onnx", samples);
/// OnnxFormat.Write(result.Model, "model.int8.onnx");
/// </code>
/// </summary>
public sealed class Quantizer
{
    private readonly QuantizerOptions options;

    /// <summary>Version of Octet.</summary>
    internal static string Version { get; } =
        typeof(Quantizer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>Checks the options.</summary>
    /// <exception cref="OctetException">An option is out of range or names something that does not exist.</exception>
    public Quantizer(QuantizerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        var target = TargetCatalog.Find(options.Target);
        IThresholdMethod[] methods = [.. options.Layers.Select(l => l.Method).Prepend(options.Method).OfType<string>().Where(m => m != ThresholdMethods.Auto).Distinct().Select(ThresholdMethods.Find)];
        CalibrationNeeds.Check(options.Parameters.Keys, methods, "in use", "name the method that it is of with --method");
        foreach (var method in methods)
        {
            _ = ThresholdSolver.SettingsFor(method, target.Scheme, ThresholdSettings.OwnOf(method, options.Parameters));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, nameof(options));
        ModeOptions.Check(options);
        _ = WorstLayers.Split(options.KeepFloat);
        if (!(options.LayerBudget > 0))
        {
            throw new OctetException(ErrorCodes.InvalidUsage, string.Create(CultureInfo.InvariantCulture, $"a layer's budget of {options.LayerBudget} dB"), "give a number greater than 0");
        }
    }

    /// <summary>Quantizes a model file.</summary>
    /// <param name="modelPath">A float ONNX model.</param>
    /// <param name="samples">Calibration samples, 100 to 500 of them as a rule; null in modes that need none.</param>
    /// <param name="progress">Told how far the work is; called from several threads.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The integer model, the plan and the report.</returns>
    /// <exception cref="OctetException">The model or a sample is at fault.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public QuantizedModel Quantize(
        string modelPath, ISampleSource? samples, IProgress<QuantizationProgress>? progress = null, CancellationToken cancellationToken = default)
        => Quantize(OnnxFormat.Read(modelPath), samples, progress, cancellationToken);

    /// <summary>Quantizes a model that was read or made.</summary>
    /// <param name="floatModel">A float model; it is not changed.</param>
    /// <param name="samples">Calibration samples, 100 to 500 of them as a rule; null in modes that need none.</param>
    /// <param name="progress">Told how far the work is; called from several threads.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The integer model, the plan and the report.</returns>
    /// <exception cref="OctetException">The model or a sample is at fault.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public QuantizedModel Quantize(
        Model floatModel, ISampleSource? samples, IProgress<QuantizationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(floatModel);
        var phases = new Phases(progress, options.Effort == Effort.High ? Phases.HighEffort : null);
        phases.Begin("reading", 1);
        var source = SourceIdentity.Of(floatModel);
        var model = floatModel.Clone();
        model.Graph.FixInputDefaults();

        // Before the rewrites, which fold what tells of the model's training.
        using var checkedSamples = samples is null || options.Mode != QuantizationMode.Static ? null : new CheckedSamples(model, samples);
        (options.Mode == QuantizationMode.Static ? RewritePipeline.Simplify : RewritePipeline.SimplifyUncalibrated).Run(model, cancellationToken);
        if (options.NeedNewOperators())
        {
            // The first operator set with these types.
            new RewritePipeline([new RaiseOperatorSet(21)]).Run(model, cancellationToken);
        }

        if (options.Mode != QuantizationMode.Static)
        {
            return WithManifest(new UncalibratedQuantization(model, options, phases).Run(), source, null);
        }

        if (checkedSamples is null)
        {
            throw new OctetException(ErrorCodes.InvalidUsage, "static quantization needs calibration samples", "give some with --data");
        }

        var result = RunStatic(model, checkedSamples, phases, cancellationToken);
        phases.End();
        var report = ReportOf(result, checkedSamples.Count, checkedSamples.Problems(), phases);
        return WithManifest(new QuantizedModel(result.Model, result.Plan, report), source, checkedSamples.Fingerprint);
    }

    /// <summary>Quantizes a model file with ranges from statistics that were gathered before; no sample is run. Only with <see cref="Effort.Fast"/>: all else needs samples.</summary>
    /// <param name="modelPath">The float ONNX model that the statistics are of.</param>
    /// <param name="statistics">What a <see cref="Calibrator"/> gathered.</param>
    /// <param name="progress">Told how far the work is; called from several threads.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="OctetException">The model is at fault, the statistics are of another one (<see cref="ErrorCodes.StatisticsStranger"/>), or lack what the method
    /// needs (<see cref="ErrorCodes.StatisticMissing"/>).</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public QuantizedModel QuantizeFromStatistics(
        string modelPath, CalibrationStatistics statistics, IProgress<QuantizationProgress>? progress = null, CancellationToken cancellationToken = default)
        => QuantizeFromStatistics(OnnxFormat.Read(modelPath), statistics, progress, cancellationToken);

    /// <summary>The same with a model that was read or made.</summary>
    /// <param name="floatModel">The float model that the statistics are of; it is not changed.</param>
    /// <param name="statistics">What a <see cref="Calibrator"/> gathered.</param>
    /// <param name="progress">Told how far the work is; called from several threads.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="OctetException">As with a file.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public QuantizedModel QuantizeFromStatistics(
        Model floatModel, CalibrationStatistics statistics, IProgress<QuantizationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(floatModel);
        ArgumentNullException.ThrowIfNull(statistics);
        if (options.Mode != QuantizationMode.Static || options.Effort != Effort.Fast || WorstLayers.Split(options.KeepFloat).Count > 0)
        {
            throw new OctetException(
                ErrorCodes.InvalidUsage, "statistics hold what --effort fast of --mode static needs, and no samples to balance channels, correct biases or look for the worst layers", "take that effort, or give --data");
        }

        var phases = new Phases(progress);
        phases.Begin("reading", 1);
        var source = SourceIdentity.Of(floatModel);
        var model = floatModel.Clone();
        model.Graph.FixInputDefaults();
        RewritePipeline.Simplify.Run(model, cancellationToken);
        var result = new StaticQuantization(model, new CalibrationSource(statistics), options, phases, cancellationToken).Run();
        phases.End();
        return WithManifest(new QuantizedModel(result.Model, result.Plan, ReportOf(result, statistics.SampleCount, [], phases)), source, statistics.Origin.Data);
    }

    /// <summary>Quantizes a model file with samples as they come. They are kept in a temporary file, since they are read more than once; memory holds one at a time.</summary>
    /// <param name="modelPath">A float ONNX model.</param>
    /// <param name="samples">Calibration samples, 100 to 500 of them as a rule; read to their end before the work begins.</param>
    /// <param name="progress">Told how far the work is; called from several threads.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The integer model, the plan and the report.</returns>
    /// <exception cref="OctetException">The model or a sample is at fault, or the temporary file cannot be written.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<QuantizedModel> QuantizeAsync(
        string modelPath, IAsyncEnumerable<Sample> samples, IProgress<QuantizationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using var spooled = await SampleSources.FromAsync(samples, cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => Quantize(modelPath, spooled, progress, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A sample that cannot be used ends the sweep at once; then all others are looked at, so that the user learns of everything in one go.</summary>
    private StaticResult RunStatic(Model model, CheckedSamples samples, Phases phases, CancellationToken cancellationToken)
    {
        try
        {
            return new StaticQuantization(model, new CalibrationSource(samples), options, phases, cancellationToken).Run();
        }
        catch (OctetException) when (samples.HasErrors)
        {
            samples.ThrowAll(options.Threads, cancellationToken);
            throw;
        }
    }

    private QuantizationReport ReportOf(StaticResult result, int samples, IEnumerable<DataProblem> problems, Phases phases) => new()
    {
        Version = Version,
        Mode = "static",
        Target = options.Target,
        Samples = samples,
        Sqnr = result.Sqnr,
        QuantizedShare = result.Plan.QuantizedShare,
        Layers = result.Layers,
        Tensors = result.Tensors,
        Choices = result.Choices,
        Refinements = result.Refinements,
        WeightsInOrder = result.WeightsInOrder,
        SearchCutShort = result.SearchCutShort,
        Warnings = [.. problems.Select(p => p.ToString()), .. result.Warnings],
        Lost = result.Lost,
        Phases = phases.Times,
    };

    private QuantizedModel WithManifest(QuantizedModel result, SourceIdentity source, string? calibration)
    {
        var manifest = new Manifest
        {
            Octet = Version,
            OnnxRuntime = RuntimeVersion.OnnxRuntime,
            Model = source.Sha256,
            Calibration = calibration,
            Options = options,
            SearchCutShort = result.Report.SearchCutShort,
        };
        manifest.WriteTo(result.Model);
        return result with { Report = result.Report with { FloatBytes = source.Bytes, QuantizedBytes = OnnxFormat.SizeOf(result.Model) } };
    }
}
