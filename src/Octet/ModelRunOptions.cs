using Octet.Numerics.Rescaling;

namespace Octet;

/// <summary>Options of a <see cref="ModelRunner"/>.</summary>
public sealed record ModelRunOptions
{
    /// <summary>What runs the model. Default: <see cref="Engine.Integer"/>.</summary>
    public Engine Engine { get; init; }

    /// <summary>How the integer engine rescales; null for shifts where all scales are powers of two, and else the floats of ONNX Runtime.</summary>
    public IntegerArithmetic? Arithmetic { get; init; }

    /// <summary>Samples that run side by side, ≥ 1; by default one a processor. Results do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
