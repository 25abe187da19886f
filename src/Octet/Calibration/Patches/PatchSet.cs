namespace Octet.Calibration.Patches;

/// <summary>Sampled rows of what a layer reads.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Rows">The rows, one behind the other, in the order of their hashes.</param>
/// <param name="Count">Number of rows.</param>
public sealed record PatchSet(PatchRequest Request, float[] Rows, int Count)
{
    /// <summary>Length of a row, all groups together; 0 without rows.</summary>
    public int RowLength => Count == 0 ? 0 : Rows.Length / Count;

    /// <summary>The part of all rows that the weights of one group see: [Count, RowLength / groups].</summary>
    /// <param name="group">0 to groups − 1.</param>
    /// <param name="most">At most so many rows, the first.</param>
    public float[] OfGroup(int group, int most = int.MaxValue)
    {
        int groups = Request.Geometry.Groups;
        int length = RowLength / groups;
        int count = Math.Min(most, Count);
        var result = new float[count * length];
        for (int i = 0; i < count; i++)
        {
            Rows.AsSpan((i * RowLength) + (group * length), length).CopyTo(result.AsSpan(i * length));
        }

        return result;
    }
}
