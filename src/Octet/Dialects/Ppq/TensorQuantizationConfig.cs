namespace Octet.Dialects.Ppq;

/// <summary>PPQ's view of one tensor at one operator.</summary>
/// <param name="Operation">The operator.</param>
/// <param name="Variable">The tensor.</param>
/// <param name="State">What becomes of it there.</param>
public sealed record TensorQuantizationConfig(string Operation, string Variable, QuantizationStates State)
{
    /// <summary>Whether it stays float.</summary>
    public bool IsFloat => State is QuantizationStates.Fp32 or QuantizationStates.Initial or QuantizationStates.PassiveInit;

    /// <summary>Number of bits.</summary>
    public required int Bits { get; init; }

    /// <summary>Smallest integer.</summary>
    public required double QuantMin { get; init; }

    /// <summary>Largest integer.</summary>
    public required double QuantMax { get; init; }

    /// <summary>Whether it is a weight or bias.</summary>
    public bool IsParameter { get; init; }

    /// <summary>Whether it leaves the operator.</summary>
    public bool IsOutput { get; init; }

    /// <summary>Whether zero points are 0 always.</summary>
    public bool IsSymmetric { get; init; }

    /// <summary>Whether scales are powers of two.</summary>
    public bool IsPowerOfTwo { get; init; }

    /// <summary>The scales; none where it stays float.</summary>
    public IReadOnlyList<float> Scales { get; init; } = [];

    /// <summary>The zero points, as many.</summary>
    public IReadOnlyList<int> ZeroPoints { get; init; } = [];

    /// <summary>Whether there is a scale for each channel.</summary>
    public bool IsPerChannel { get; init; }

    /// <summary>Operator and tensor where it is rounded; itself unless <see cref="State"/> is <see cref="QuantizationStates.Overlapped"/>.</summary>
    public required (string Operation, string Variable) Dominator { get; init; }
}
