using Octet.Numerics.Rescaling;

namespace Octet.Inference.Kernels;

/// <summary>One family's way from sums to quantized values, a vector at a time.</summary>
/// <typeparam name="TVector">A vector of sums.</typeparam>
internal unsafe interface IRequantization<TVector>
    where TVector : unmanaged
{
    /// <summary>Parameters of a channel.</summary>
    static abstract int Width { get; }

    /// <summary>Writes the parameters of a channel.</summary>
    /// <returns>False where this code cannot express them.</returns>
    static abstract bool Prepare(Requantize requantize, int channel, Span<int> parameters);

    /// <summary>The quantized values of sums.</summary>
    /// <param name="sums">One a lane.</param>
    /// <param name="parameters">Vectors of parameters: <see cref="Width"/> of them, a lane a channel.</param>
    static abstract TVector Apply(TVector sums, int* parameters);
}
