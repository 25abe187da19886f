using System.Collections.Immutable;
using Microsoft.ML.OnnxRuntime;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Inference;

/// <summary>
/// Runs an ONNX model with ONNX Runtime on the processor. Any number of threads may call <see cref="Run"/> at once; one
/// session serves them all, which saves 30 to 40 MB against a session a thread.
/// </summary>
public sealed class FloatSession : IDisposable
{
    private readonly InferenceSession session;
    private readonly SharedWeights? weights;

    /// <summary>Loads a model from memory.</summary>
    /// <param name="model">A serialized ONNX model without external data.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.RuntimeRefusedModel"/>: ONNX Runtime cannot load it.</exception>
    public FloatSession(byte[] model, FloatSessionOptions? options = null)
        : this(o => new InferenceSession(model, o), options)
    {
    }

    /// <summary>Loads a model that was read or made.</summary>
    /// <param name="model">The model; it is not changed.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="OctetException">
    /// <see cref="ErrorCodes.RuntimeRefusedModel"/>: ONNX Runtime cannot load it; <see cref="ErrorCodes.OutputNotWritable"/>: it has more than 2 GB,
    /// which ONNX Runtime takes only from files, and they cannot be written to the system's folder for temporary files.
    /// </exception>
    public FloatSession(Model model, FloatSessionOptions? options = null)
        : this(model, OnnxFormat.FitsOneFile(model) ? new SharedWeights(model.Graph) : null, options)
    {
    }

    private FloatSession(Model model, SharedWeights? weights, FloatSessionOptions? options)
        : this(o => weights is null ? LoadFromFile(model, o) : Load(model, weights, o), Loadable(model, options), weights)
    {
    }

    private FloatSession(Func<SessionOptions, InferenceSession> open, FloatSessionOptions? options, SharedWeights? weights = null)
    {
        this.weights = weights;
        UsageData.Refuse();
        using var native = ToNative(options ?? new FloatSessionOptions());
        try
        {
            session = open(native);
        }
        catch (OnnxRuntimeException e)
        {
            throw new OctetException(
                ErrorCodes.RuntimeRefusedModel,
                $"ONNX Runtime cannot load the model: {e.Message}",
                "check that the model is valid ONNX and of an operator set that this ONNX Runtime knows",
                e);
        }

        Inputs = Ports(session.InputMetadata);
        Outputs = Ports(session.OutputMetadata);
    }

    /// <summary>The inputs that a run needs, in the model's order.</summary>
    public IReadOnlyList<SessionPort> Inputs { get; }

    /// <summary>The outputs that a run can give, in the model's order.</summary>
    public IReadOnlyList<SessionPort> Outputs { get; }

    /// <summary>Loads a model file, external data included.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.RuntimeRefusedModel"/>: ONNX Runtime cannot load it.</exception>
    public static FloatSession Open(string path, FloatSessionOptions? options = null)
        => new(o => new InferenceSession(path, o), options);

    /// <summary>Runs the model once.</summary>
    /// <param name="inputs">A tensor for each input, by name; the name "" means the model's only input.</param>
    /// <param name="outputs">Names of the wanted outputs; null for all.</param>
    /// <param name="cancellationToken">Ends the run within some 20 ms.</param>
    /// <returns>The outputs, to be disposed by the caller.</returns>
    /// <exception cref="OctetException"><see cref="ErrorCodes.RunFailed"/>: an input is missing or does not fit, or the run failed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public SessionOutputs Run(
        IReadOnlyDictionary<string, Tensor> inputs, IReadOnlyList<string>? outputs = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        cancellationToken.ThrowIfCancellationRequested();
        outputs ??= [.. Outputs.Select(o => o.Name)];
        var values = new Dictionary<string, OrtValue>(StringComparer.Ordinal);
        using var run = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using var registration = cancellationToken.Register(() => run.Terminate = true);
        try
        {
            foreach (var port in Inputs)
            {
                var tensor = inputs.GetValueOrDefault(port.Name) ?? (Inputs.Count == 1 ? inputs.GetValueOrDefault(string.Empty) : null) ?? throw new OctetException(
                    ErrorCodes.RunFailed, $"the model's input \"{port.Name}\" got no tensor; there are {string.Join(", ", inputs.Keys)}");
                values.Add(port.Name, ToNative(tensor));
            }

            return new SessionOutputs(outputs, session.Run(run, values, outputs));
        }
        catch (OnnxRuntimeException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OnnxRuntimeException e)
        {
            throw new OctetException(ErrorCodes.RunFailed, $"ONNX Runtime could not run the model: {e.Message}", null, e);
        }
        finally
        {
            foreach (var value in values.Values)
            {
                value.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        session.Dispose();
        weights?.Dispose();
    }

    // While it looks for integer kernels, ONNX Runtime 1.29 moves QuantizeLinear of operator set 21 with output_dtype, and then makes signed zero points unsigned beside it: it refuses what it made.
    // Such models run as they stand.
    private static FloatSessionOptions? Loadable(Model model, FloatSessionOptions? options)
        => options is not { SignedActivations: true } && model.Opsets.GetValueOrDefault(string.Empty) >= 21
            && model.Graph.Nodes.Any(n => n.Is("QuantizeLinear") && n.Input(2)?.Constant?.Type == ElementType.Int8)
            ? (options ?? new FloatSessionOptions()) with { IntegerKernels = false } : options;

    private static InferenceSession Load(Model model, SharedWeights weights, SessionOptions options)
    {
        try
        {
            byte[] structure = OnnxFormat.ToBytes(model, weights);
            weights.AddTo(options);
            return new InferenceSession(structure, options);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    private static InferenceSession LoadFromFile(Model model, SessionOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("octet-");
        try
        {
            string path = Path.Combine(folder.FullName, "model.onnx");
            OnnxFormat.Write(model, path);
            return new InferenceSession(path, options);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static OrtValue ToNative(Tensor tensor)
    {
        var value = OrtValue.CreateAllocatedTensorValue(
            OrtAllocator.DefaultInstance, (Microsoft.ML.OnnxRuntime.Tensors.TensorElementType)(int)tensor.Type, [.. tensor.Shape.Dimensions]);
        tensor.Storage.Slice(0, checked((int)tensor.Storage.Length)).CopyTo(value.GetTensorMutableRawData());
        return value;
    }

    private static SessionOptions ToNative(FloatSessionOptions options)
    {
        var native = new SessionOptions
        {
            GraphOptimizationLevel = options.Optimization switch
            {
                GraphOptimization.None => GraphOptimizationLevel.ORT_DISABLE_ALL,
                GraphOptimization.Basic => GraphOptimizationLevel.ORT_ENABLE_BASIC,
                GraphOptimization.Extended => GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
                _ => GraphOptimizationLevel.ORT_ENABLE_ALL,
            },
            IntraOpNumThreads = options.Threads,
            InterOpNumThreads = 1,
            EnableCpuMemArena = options.Arena,

            // Errors come as exceptions; the runtime's own lines would only repeat them on the error stream.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        if (!options.AllowSaturation)
        {
            native.AddSessionConfigEntry("session.x64quantprecision", "1");
        }

        if (!options.IntegerKernels)
        {
            native.AddSessionConfigEntry("session.disable_quant_qdq", "1");
        }

        if (options.SignedActivations)
        {
            native.AddSessionConfigEntry("session.qdqisint8allowed", "1");
        }

        if (options.OptimizedModelPath is { } path)
        {
            native.OptimizedModelFilePath = path;
        }

        return native;
    }

    private static ImmutableArray<SessionPort> Ports(IReadOnlyDictionary<string, NodeMetadata> metadata)
        => [.. metadata.Select(m => m.Value.IsTensor
            ? new SessionPort(m.Key, (ElementType)(int)m.Value.ElementDataType, [.. m.Value.Dimensions.Select(d => d < 0 ? (long?)null : d)])
            : new SessionPort(m.Key, ElementType.Undefined, []))];
}
