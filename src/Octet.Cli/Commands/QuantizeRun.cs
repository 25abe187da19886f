using Octet.Analysis;
using Octet.Calibration.Advice;
using Octet.Calibration.Files;
using Octet.Cli.Terminal;
using Octet.Data;
using Octet.Formats.C;
using Octet.Formats.Onnx;
using Octet.Numerics.Rescaling;

namespace Octet.Cli.Commands;

/// <summary>The work of <c>octet quantize</c>: quantizes, evaluates where there are samples for it, and only then writes.</summary>
internal sealed record QuantizeRun
{
    // Usual shares of the whole time, so that one bar can stand for all of it.
    private const double QuantizingShare = 0.65;
    private const double EvaluatingShare = 0.3;

    /// <summary>Path of the float model.</summary>
    public required string Model { get; init; }

    /// <summary>What was read from it.</summary>
    public required Graphs.Model Float { get; init; }

    /// <summary>Path of the integer model.</summary>
    public required string Output { get; init; }

    /// <summary>Path of the folder for C; null for none.</summary>
    public string? C { get; init; }

    /// <summary>Arithmetic of the C; null for the target's.</summary>
    public IntegerArithmetic? Arithmetic { get; init; }

    /// <summary>How loops of the C are written.</summary>
    public CLoops Loops { get; init; }

    /// <summary>Calibration samples; null in modes without.</summary>
    public ISampleSource? Calibration { get; init; }

    /// <summary>Statistics in place of calibration samples; null without.</summary>
    public CalibrationStatistics? Statistics { get; init; }

    /// <summary>Evaluation samples; null to measure nothing.</summary>
    public ISampleSource? Test { get; init; }

    /// <summary>Options of the quantizer.</summary>
    public required QuantizerOptions Options { get; init; }

    /// <summary>What is measured; null for the defaults.</summary>
    public EvaluationOptions? Evaluation { get; init; }

    /// <summary>Throws where an evaluation is worse than the user allows; then nothing is written.</summary>
    public Action<EvaluationReport>? Gate { get; init; }

    /// <summary>Does the work.</summary>
    /// <exception cref="OctetException">The model or a sample is at fault; nothing was written.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted; nothing was written.</exception>
    public QuantizeResult Run(ProgressLine progress, CancellationToken cancellationToken)
    {
        var calibration = Calibration is null ? null : new HashedSamples(Calibration);
        var test = Test is null ? null : new HashedSamples(Test);
        if (test is not null)
        {
            // Nobody wants to hear of a damaged picture after the work is done.
            DataChecks.ThrowOnErrors(DataChecks.Run(test, [], test.Preprocess, Options.Threads, cancellationToken));
        }

        var part = progress.Part(0, test is null ? 1 : QuantizingShare);
        var quantized = Statistics is null
            ? new Quantizer(Options).Quantize(Float, calibration, part, cancellationToken)
            : new Quantizer(Options).QuantizeFromStatistics(Float, Statistics, part, cancellationToken);
        if (quantized.Report.Lost is [var lost, ..])
        {
            throw new OctetException(ErrorCodes.QualityGateMissed, $"{lost}; nothing was written", "look at it with octet analyze, and leave what joins these values float with --keep-float");
        }

        var (evaluation, latency) = test is null ? (null, null) : Evaluate(quantized, test, progress, cancellationToken);
        var overlap = calibration is null || test is null ? [] : DataChecks.Overlap(calibration, test, Options.Threads, cancellationToken);
        var drift = test is null || quantized.Plan is not { } plan ? []
            : Statistics is null ? DataDrift.Measure(Model, plan, calibration!, test, Options.Threads, cancellationToken)
            : DataDrift.Measure(Model, Statistics, test, Options.Threads, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var c = C is null ? null : CExport.Of(quantized.Model, Path.GetFileNameWithoutExtension(Model), calibration!, Arithmetic, Loops, cancellationToken);
        c?.Write(C!);
        OnnxFormat.Write(quantized.Model, Output);
        var report = quantized.Report with
        {
            Warnings = [.. quantized.Report.Warnings, .. overlap.Select(p => p.ToString()), .. CalibrationAdviser.OfDrift(drift)],
        };
        return new QuantizeResult(Model, Output, report, evaluation, latency) { Drift = drift, C = c is null ? null : new CResult(C!, c.Name, c.MemoryBytes, c.ConstantBytes, c.MultiplyAccumulates, [.. c.Files.Keys]) };
    }

    private (EvaluationReport Evaluation, LatencyReport Latency) Evaluate(
        QuantizedModel quantized, ISampleSource test, ProgressLine progress, CancellationToken cancellationToken)
    {
        var evaluation = Evaluator.Evaluate(
            quantized.Model,
            Model,
            test,
            Evaluation ?? new EvaluationOptions { Threads = Options.Threads },
            progress.Steps("evaluation", test.Count, QuantizingShare, EvaluatingShare),
            cancellationToken);
        Gate?.Invoke(evaluation);
        progress.Report(new QuantizationProgress("latency", 0, 1, QuantizingShare + EvaluatingShare));
        return (evaluation, LatencyMeter.Measure(Model, quantized.Model, test, cancellationToken: cancellationToken));
    }
}
