using Octet.Numerics;

namespace Octet.Refinement;

/// <summary>Weights that a family's own code rounds.</summary>
internal static class FiniteWeights
{
    /// <summary>The values of weights.</summary>
    /// <param name="weights">Floats.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.NonFiniteWeight"/>: one of them is NaN or infinite.</exception>
    public static float[] Of(Tensor weights)
    {
        float[] values = weights.ToFloats();
        return Array.FindIndex(values, v => !float.IsFinite(v)) is >= 0 and var bad
            ? throw new OctetException(ErrorCodes.NonFiniteWeight, $"weight {bad} is {(float.IsNaN(values[bad]) ? "NaN" : "infinite")}", "leave this layer float")
            : values;
    }
}
