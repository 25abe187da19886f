using System.Collections.Immutable;
using Octet.Calibration.Statistics;

namespace Octet.Calibration.Thresholds;

/// <summary>
/// The two largest values of every row of each batch, rows lying along one axis; none where rows have one value, or where there are more of them
/// than logits have: of large feature maps, along their width above all, they would fill the memory for nothing.
/// </summary>
/// <param name="Axis">Negative ones count from the last.</param>
internal sealed record RowTops(int Axis) : BatchRecordsNeed
{
    /// <summary>The name.</summary>
    public const string NeedName = "row-tops";

    // The pixels of a segmentation of 128 × 128 are the most that one might ask for.
    private const int MostRows = 1 << 14;

    // Of more axes than batch, positions and classes, a last one is a width.
    private const int MostLogitAxes = 3;
    private const int MostRowsOfAMap = 1 << 9;

    /// <summary>Axes lie below it.</summary>
    public const int MostAxes = 32;

    /// <inheritdoc/>
    public override string Name => NeedName;

    /// <inheritdoc/>
    public override ImmutableArray<double> Parameters => [Axis];

    /// <inheritdoc/>
    public override float[] Measure(SampleValues sample)
    {
        var values = sample.Values;
        var shape = sample.Shape;
        int axis = Axis < 0 ? shape.Rank + Axis : Axis;
        if (values.IsEmpty || axis < 0 || axis >= shape.Rank || shape[axis] < 2)
        {
            return [];
        }

        long rows = values.Length / shape[axis] / (axis == 0 ? 1 : shape[0]);
        if (rows > (axis == shape.Rank - 1 && shape.Rank > MostLogitAxes ? MostRowsOfAMap : MostRows))
        {
            return [];
        }

        int length = (int)shape[axis];
        int stride = 1;
        for (int i = axis + 1; i < shape.Rank; i++)
        {
            stride *= (int)shape[i];
        }

        float[] tops = new float[values.Length / length * 2];
        for (int row = 0; row < values.Length / length; row++)
        {
            int start = row / stride * stride * length + row % stride;
            float first = float.NegativeInfinity;
            float second = float.NegativeInfinity;
            for (int i = 0; i < length; i++)
            {
                float value = values[start + i * stride];
                if (value > first)
                {
                    (first, second) = (value, first);
                }
                else
                {
                    second = Math.Max(second, value);
                }
            }

            (tops[2 * row], tops[2 * row + 1]) = (first + 0f, second + 0f);
        }

        return tops;
    }
}
