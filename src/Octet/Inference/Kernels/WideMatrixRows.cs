namespace Octet.Inference.Kernels;

/// <summary>Rows of a matrix.</summary>
/// <param name="x">Its values, of 8 bits or 16.</param>
/// <param name="isWide">Whether they have 16.</param>
/// <param name="inner">Values of a row.</param>
internal sealed unsafe class WideMatrixRows(sbyte* x, bool isWide, int inner) : WideRows
{
    /// <inheritdoc/>
    public override int Depth => inner;

    /// <inheritdoc/>
    public override void Stage(int group, int first, int count, short* to)
    {
        for (int r = first; r < first + count; r++, to += Length)
        {
            if (isWide)
            {
                Copy((short*)x + ((long)r * inner), inner, to);
            }
            else
            {
                for (int k = 0; k < inner; k++)
                {
                    to[k] = x[((long)r * inner) + k];
                }
            }
        }
    }
}
