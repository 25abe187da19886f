using Octet.Analysis;
using Octet.Calibration.Advice;
using Octet.Calibration.Inputs;
using Octet.Data;
using Octet.Formats.Onnx;
using Octet.Rewrites;

namespace Octet;

/// <summary>
/// Tells where a quantization loses accuracy, and why: quantizes a float model in memory as a <see cref="Quantizer"/> of the same options would, and
/// measures its layers and tensors; looks for the causes of what is lost, and tries the remedies.
/// <code>
/// var report = new Analyzer(new QuantizerOptions()).Analyze("model.onnx", samples);
/// Console.WriteLine(report.Layers.MinBy(l => l.Alone.Sqnr)!.Name);
/// </code>
/// </summary>
public sealed class Analyzer
{
    private readonly QuantizerOptions options;

    /// <summary>Checks the options.</summary>
    /// <exception cref="OctetException">An option is out of range or names something that does not exist, or the mode is not static.</exception>
    public Analyzer(QuantizerOptions options)
    {
        _ = new Quantizer(options);
        this.options = options.Mode == QuantizationMode.Static
            ? options
            : throw new OctetException(ErrorCodes.InvalidUsage, $"mode {options.Mode} has no calibrated activations to analyze", "analyze mode static");
    }

    /// <summary>Analyzes a model file.</summary>
    /// <param name="modelPath">A float ONNX model.</param>
    /// <param name="calibration">Calibration samples.</param>
    /// <param name="evaluation">Samples to measure on; null for some of the calibration samples.</param>
    /// <param name="progress">Told how far the work is; called from several threads.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="OctetException">The model or a sample is at fault.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public AnalysisReport Analyze(
        string modelPath,
        ISampleSource calibration,
        ISampleSource? evaluation = null,
        IProgress<QuantizationProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        var phases = new Phases(progress, Phases.Analysis);
        phases.Begin("reading", 1);
        var model = OnnxFormat.Read(modelPath);
        model.Graph.FixInputDefaults();
        using var samples = new CheckedSamples(model, calibration);
        RewritePipeline.Simplify.Run(model, cancellationToken);
        var solved = new StaticQuantization(model, new CalibrationSource(samples), options, phases, cancellationToken).Solve();
        var measured = new LayerAnalysis(solved, evaluation ?? samples, options, phases, cancellationToken).MeasureAll();
        var diagnoses = new Doctor(model, samples, evaluation, options, phases, cancellationToken).Diagnose(solved, measured);
        var drift = evaluation is null ? [] : DataDrift.Measure(model, solved.Solved.Plan, samples, evaluation, options.Threads, cancellationToken);
        phases.End();
        return measured.Report with
        {
            Drift = drift,
            Diagnoses = diagnoses,
            Version = Quantizer.Version,
            Target = options.Target,
            Calibration = calibration.Count,
            Warnings = [.. samples.Problems().Select(p => p.ToString()), .. solved.Refined.Limited.Select(l => $"{ErrorCodes.ChannelDead}: {l}"), .. CalibrationAdviser.OfDrift(drift), .. measured.Report.Warnings],
            Phases = phases.Times,
        };
    }
}
