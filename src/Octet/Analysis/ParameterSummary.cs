using System.Numerics.Tensors;

namespace Octet.Analysis;

/// <summary>What the values of a constant of a layer are like: the figures of PPQ's parameter analysis (0.6.6, <c>analyse/layerwise.py</c>).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Layer">The layer that has it.</param>
/// <param name="Range">Largest less smallest value.</param>
/// <param name="Deviation">Sample standard deviation (divided by one less than the number of values); 0 of one value.</param>
/// <param name="MeanMagnitude">Magnitude of the mean of the values.</param>
public sealed record ParameterSummary(string Name, string Layer, float Range, double Deviation, double MeanMagnitude)
{
    /// <summary>Summarizes a constant.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="layer">The layer that has it.</param>
    /// <param name="values">At least one, finite.</param>
    public static ParameterSummary Of(string name, string layer, ReadOnlySpan<float> values)
    {
        double sum = 0;
        double squares = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        double mean = sum / values.Length;
        foreach (float value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        return new ParameterSummary(
            name, layer, TensorPrimitives.Max(values) - TensorPrimitives.Min(values), values.Length < 2 ? 0 : Math.Sqrt(squares / (values.Length - 1)), Math.Abs(mean));
    }
}
