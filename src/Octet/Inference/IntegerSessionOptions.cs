namespace Octet.Inference;

/// <summary>Options of an <see cref="IntegerSession"/>.</summary>
public sealed record IntegerSessionOptions
{
    /// <summary>The instructions that it uses; by default the fastest that there are. One that the processor has not throws <see cref="PlatformNotSupportedException"/>.</summary>
    public InstructionSet Instructions { get; init; }
}
