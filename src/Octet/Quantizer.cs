using System.Reflection;
using Octet.Calibration.Thresholds;
using Octet.Data;
using Octet.Formats.Onnx;
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

    /// <summary>Checks the options.</summary>
    /// <exception cref="OctetException">An option is out of range or names something that does not exist.</exception>
    public Quantizer(QuantizerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        _ = TargetCatalog.Find(options.Target);
        if (options.Method != ThresholdMethods.Auto)
        {
            _ = ThresholdMethods.Find(options.Method);
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, nameof(options));
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
    {
        var phases = new Phases(progress);
        phases.Begin("reading", 1);
        var model = OnnxFormat.Read(modelPath);
        RewritePipeline.Simplify.Run(model, cancellationToken);
        long size = new FileInfo(modelPath).Length;
        if (samples is null)
        {
            throw new OctetException(ErrorCodes.InvalidUsage, "static quantization needs calibration samples", "give some with --data");
        }

        var (quantized, plan, layers, tensors) = new StaticQuantization(model, samples, options, phases, cancellationToken).Run();
        phases.End();
        var report = new QuantizationReport
        {
            Version = typeof(Quantizer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0",
            Mode = "static",
            Target = options.Target,
            Samples = samples.Count,
            FloatBytes = size,
            QuantizedShare = plan.QuantizedShare,
            Layers = layers,
            Tensors = tensors,
            Phases = phases.Times,
        };
        return new QuantizedModel(quantized, plan, report);
    }
}
