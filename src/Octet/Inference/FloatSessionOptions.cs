namespace Octet.Inference;

/// <summary>Options of a <see cref="FloatSession"/>.</summary>
public sealed record FloatSessionOptions
{
    /// <summary>How far the model is rewritten; <see cref="GraphOptimization.All"/> by default.</summary>
    public GraphOptimization Optimization { get; init; } = GraphOptimization.All;

    /// <summary>Threads that one run uses, ≥ 1; 1 by default, since several runs go side by side.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Whether memory is kept between runs: faster, and up to twice the memory. Default true.</summary>
    public bool Arena { get; init; } = true;

    /// <summary>
    /// Whether uint8 × int8 products may saturate on processors without VNNI, as they do when a user runs the model plainly.
    /// False (default) asks ONNX Runtime for its exact kernels, so that measured errors are those of quantization alone.
    /// </summary>
    public bool AllowSaturation { get; init; }

    /// <summary>
    /// Whether operators with signed activations become integer kernels as they are, which is ONNX Runtime's way on ARM processors; on x64 it first
    /// makes activations unsigned where one operator alone reads them, and leaves float operators elsewhere. Only with
    /// <see cref="AllowSaturation"/>: the exact kernels know no signed activations. Default false.
    /// </summary>
    public bool SignedActivations { get; init; }

    /// <summary>
    /// Whether Q/DQ pairs are taken as a wish for integer kernels; true by default. False runs them as they stand, around float operators,
    /// for simulation: otherwise ONNX Runtime rounds even the float weights between them, in its own way.
    /// </summary>
    public bool IntegerKernels { get; init; } = true;

    /// <summary>Where ONNX Runtime writes the model as it runs it, to see what was fused; null for nowhere.</summary>
    public string? OptimizedModelPath { get; init; }
}
