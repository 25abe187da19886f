namespace Octet.Inference;

/// <summary>Options of an <see cref="IntegerSession"/>.</summary>
public sealed record IntegerSessionOptions
{
    /// <summary>The instructions that it uses; by default the fastest that there are. One that the processor has not throws <see cref="PlatformNotSupportedException"/>.</summary>
    public InstructionSet Instructions { get; init; }

    /// <summary>Whether all quantized tensors can be read after a run, not only inputs and outputs; false by default, which is faster.</summary>
    public bool KeepsAll { get; init; }
}
