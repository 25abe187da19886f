namespace Octet.Numerics;

/// <summary>
/// Weights as int8 with a scale a row, such that the products of two neighbouring weights with any uint8 values add up to 16 bits: without
/// VNNI, processors add them so (<c>vpmaddubsw</c>), and what they would meet at run time is not known. 255 · (|a| + |b|) ≤ 2¹⁵ − 1
/// leaves neighbours of one sign 128 together; neighbours of opposite signs never add up.
/// </summary>
public sealed class PairSafeRounding
{
    private const int Most = sbyte.MaxValue;
    private const int MostOfPair = short.MaxValue / byte.MaxValue;

    // Parts of the largest magnitude that 127 stands for; with 2 no pair can be too large.
    private static readonly float[] Ranges = [1, 1.05f, 1.1f, 1.2f, 1.3f, 1.45f, 1.6f, 1.8f, 2];

    private PairSafeRounding(long rows, int length)
    {
        Values = new sbyte[rows * length];
        Scales = new float[rows];
    }

    /// <summary>Rounded weights, −127 to 127, row by row.</summary>
    public sbyte[] Values { get; }

    /// <summary>One a row.</summary>
    public float[] Scales { get; }

    /// <summary>Rows that got a larger scale or smaller weights so that pairs add up to 16 bits.</summary>
    public int TouchedRows { get; private set; }

    /// <summary>Rounds rows; of the ranges and limits that keep pairs within 16 bits, those with the least squared error.</summary>
    /// <param name="rows">Finite weights; the neighbours are those at 2j and 2j + 1 of a row.</param>
    /// <param name="safe">False to round to the nearest, whatever pairs add up to.</param>
    public static PairSafeRounding Of(ChannelRows rows, bool safe)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int length = checked((int)rows.RowLength);
        var rounding = new PairSafeRounding(rows.Channels, length);
        var row = new float[length];
        var candidate = new int[length];
        for (long r = 0; r < rows.Channels; r++)
        {
            rows.Read(r, 1, row);
            float largest = 0;
            foreach (float value in row)
            {
                largest = MathF.Max(largest, MathF.Abs(value));
            }

            double least = double.PositiveInfinity;
            bool touched = false;
            foreach (float range in Ranges)
            {
                float scale = largest * range / Most;
                scale = float.IsNormal(scale) ? scale : 1;
                bool changed = Round(row, scale, safe, candidate);
                double error = SquaredError(row, scale, candidate);
                if (error < least)
                {
                    least = error;
                    rounding.Scales[r] = scale;
                    for (int i = 0; i < length; i++)
                    {
                        rounding.Values[(r * length) + i] = (sbyte)candidate[i];
                    }
                }

                touched |= changed;
                if (!changed)
                {
                    break;
                }
            }

            rounding.TouchedRows += touched ? 1 : 0;
        }

        return rounding;
    }

    // Whether a pair had to be made smaller.
    private static bool Round(float[] row, float scale, bool safe, int[] rounded)
    {
        for (int i = 0; i < row.Length; i++)
        {
            rounded[i] = (int)Math.Clamp(MathF.Round(row[i] / scale), -Most, Most);
        }

        bool changed = false;
        for (int i = 0; safe && i + 1 < row.Length; i += 2)
        {
            int sign = Math.Sign(rounded[i]);
            if (sign == Math.Sign(rounded[i + 1]) && sign * (rounded[i] + rounded[i + 1]) > MostOfPair)
            {
                // The nearest point of the line a + b = 128: both give way alike.
                float left = MathF.Abs(row[i]) / scale;
                float right = MathF.Abs(row[i + 1]) / scale;
                int kept = (int)Math.Clamp(MathF.Round((left - right + MostOfPair) / 2), 1, Most);
                rounded[i] = sign * kept;
                rounded[i + 1] = sign * (MostOfPair - kept);
                changed = true;
            }
        }

        return changed;
    }

    private static double SquaredError(float[] row, float scale, int[] rounded)
    {
        double sum = 0;
        for (int i = 0; i < row.Length; i++)
        {
            double error = row[i] - (rounded[i] * (double)scale);
            sum += error * error;
        }

        return sum;
    }
}
