namespace Octet.Refinement;

/// <summary>Quantized weights of all groups of a layer.</summary>
/// <param name="Scales">One a padded column of all groups, one group after the other.</param>
/// <param name="Quantized">One matrix a group.</param>
/// <param name="Errors">Output error over all rows of each padded column.</param>
internal sealed record RoundedWeights(float[] Scales, ColumnMatrix[] Quantized, double[] Errors)
{
    /// <summary>The output error of the layer.</summary>
    internal double Error => Errors.Sum();
}
