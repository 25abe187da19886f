namespace Octet.Refinement;

/// <summary>Least and greatest quantized value of every weight, in the layout of a <see cref="ColumnMatrix"/>.</summary>
internal sealed class RoundingBounds
{
    internal RoundingBounds(ColumnMatrix weights, int limit)
    {
        Lower = new float[weights.Values.Length];
        Upper = new float[weights.Values.Length];
        Array.Fill(Lower, -limit);
        Array.Fill(Upper, limit);
    }

    internal float[] Lower { get; }

    internal float[] Upper { get; }
}
