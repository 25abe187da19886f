using System.Collections.Immutable;

namespace Octet.Operators;

/// <summary>What a node does with its inputs, as far as quantization is concerned. There is no other kind than these.</summary>
public abstract record OperatorRole
{
    private OperatorRole()
    {
    }

    /// <summary>Multiplies data with constant weights and sums up; the sum has a bias.</summary>
    /// <param name="WeightInput">Index of the weights among the inputs. The data are input 0.</param>
    /// <param name="BiasInput">Index of the bias; null where the operator has none.</param>
    /// <param name="ChannelAxis">Axis of the weights that counts output channels.</param>
    public sealed record Weighted(int WeightInput, int? BiasInput, int ChannelAxis) : OperatorRole;

    /// <summary>Computes a new range of values from its data inputs.</summary>
    /// <param name="DataInputs">Indices of the inputs that are quantized.</param>
    public sealed record Computing(ImmutableArray<int> DataInputs) : OperatorRole;

    /// <summary>Computes values whose range is known beforehand, from input 0.</summary>
    /// <param name="Min">Smallest possible output.</param>
    /// <param name="Max">Largest possible output.</param>
    public sealed record FixedRange(float Min, float Max) : OperatorRole;

    /// <summary>Moves or selects the values of input 0; all outputs have its scale.</summary>
    public sealed record PassThrough : OperatorRole;

    /// <summary>Clamps input 0; integer kernels do so by saturation.</summary>
    /// <param name="Low">Lower bound, −∞ for none.</param>
    /// <param name="High">Upper bound, +∞ for none.</param>
    public sealed record Clamping(float Low, float High) : OperatorRole;

    /// <summary>Cannot be quantized as it stands.</summary>
    /// <param name="Why">The reason, for the report.</param>
    public sealed record Refused(string Why) : OperatorRole;
}
