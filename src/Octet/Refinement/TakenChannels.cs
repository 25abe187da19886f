using Octet.Numerics;

namespace Octet.Refinement;

/// <summary>Channels taken out of a constant.</summary>
internal static class TakenChannels
{
    /// <summary>A tensor of some slices of another.</summary>
    /// <param name="tensor">Floats.</param>
    /// <param name="axis">The axis that counts channels.</param>
    /// <param name="sources">The old channel of each new one; any number of times, in any order.</param>
    /// <param name="factors">What the slices are multiplied by, one an old channel; null for 1.</param>
    public static Tensor Of(Tensor tensor, int axis, int[] sources, float[]? factors = null)
    {
        var shape = tensor.Shape;
        float[] values = tensor.ToFloats();
        int inner = (int)shape.CountAfter(axis);
        int old = (int)shape[axis];
        int outer = values.Length / (old * inner);
        var taken = new float[outer * sources.Length * inner];
        for (int o = 0; o < outer; o++)
        {
            for (int c = 0; c < sources.Length; c++)
            {
                float factor = factors is null ? 1 : factors[sources[c]];
                for (int i = 0; i < inner; i++)
                {
                    taken[(((o * sources.Length) + c) * inner) + i] = values[(((o * old) + sources[c]) * inner) + i] * factor;
                }
            }
        }

        return Tensor.FromArray(taken, new Shape([.. shape.Dimensions.Select((d, a) => a == axis ? sources.Length : d)]));
    }
}
