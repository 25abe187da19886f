using Octet.Numerics;

namespace Octet.Calibration.Patches;

/// <summary>Shares one budget of memory among the layers of a network.</summary>
public static class PatchBudget
{
    /// <summary>Memory for rows that weights are rounded by, in bytes.</summary>
    public const long ManyBytes = 80L << 20;

    /// <summary>Memory for enough rows to see where pair sums would saturate, in bytes.</summary>
    public const long FewBytes = 8L << 20;

    private const int LeastRows = 32;
    private const int MostRows = 2048;
    private const int RowsPerGroupOfChannels = 192;

    /// <summary>
    /// Chooses how many rows each layer keeps: twice the length of a row, so that the Gram matrix has full rank; grouped
    /// convolutions, whose matrices are small and whose rows are long, keep few. All are cut alike where the sum exceeds the budget.
    /// </summary>
    /// <param name="layers">For each layer its key, the tensor that it reads, that tensor's shape, and how it reads it.</param>
    /// <param name="bytes">The budget, &gt; 0.</param>
    /// <param name="samples">Number of samples to come.</param>
    public static IReadOnlyList<PatchRequest> Share(
        IReadOnlyList<(string Layer, string Tensor, Shape Shape, PatchGeometry Geometry)> layers, long bytes, int samples)
    {
        var wanted = new double[layers.Count];
        double sum = 0;
        for (int i = 0; i < layers.Count; i++)
        {
            var (_, _, shape, geometry) = layers[i];
            int length = geometry.RowLength(shape);
            int rows = geometry.Groups > 1 ? RowsPerGroupOfChannels : Math.Clamp(2 * length, 512, MostRows);
            wanted[i] = Math.Min(rows, (double)geometry.PositionCount(shape) * samples);
            sum += wanted[i] * length * sizeof(float);
        }

        double share = Math.Min(1, bytes / Math.Max(1, sum));
        return [.. layers.Select((l, i) => new PatchRequest(l.Layer, l.Tensor, l.Geometry, (int)Math.Max(Math.Min(LeastRows, wanted[i]), wanted[i] * share)))];
    }
}
