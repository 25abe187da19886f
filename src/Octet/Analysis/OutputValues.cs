using Octet.Inference;
using Octet.Numerics;

namespace Octet.Analysis;

/// <summary>The values of one output of one run, as numbers of double precision, with what their shape says of classes.</summary>
internal sealed class OutputValues
{
    private OutputValues(ElementType type, Shape shape, double[] values)
    {
        Type = type;
        Shape = shape;
        Values = values;
    }

    public ElementType Type { get; }

    public Shape Shape { get; }

    public double[] Values { get; }

    /// <summary>Whether the values name classes themselves.</summary>
    public bool AreIntegers => Type is not (ElementType.Float32 or ElementType.Float16 or ElementType.BFloat16 or ElementType.Float64);

    /// <summary>
    /// Scores in a row, where the shape is [batch, classes] or [batch, positions, classes] but for dimensions of 1 at the end; else 0.
    /// </summary>
    public int Classes
    {
        get
        {
            int rank = Shape.Rank;
            while (rank > 1 && Shape[rank - 1] == 1)
            {
                rank--;
            }

            return rank is 2 or 3 && Values.Length > 0 ? (int)Shape[rank - 1] : 0;
        }
    }

    /// <summary>Whether an output of this type can be read as numbers.</summary>
    public static bool CanRead(ElementType type) => type is >= ElementType.Float32 and <= ElementType.BFloat16
        and not (ElementType.String or ElementType.Complex64 or ElementType.Complex128);

    public static OutputValues Of(SessionOutputs outputs, int index)
    {
        var type = outputs.TypeOf(index);
        double[] values = type switch
        {
            ElementType.Float32 => Convert<float>(outputs, index, v => v),
            ElementType.Float64 => outputs.Span<double>(index).ToArray(),
            ElementType.UInt32 => Convert<uint>(outputs, index, v => v),
            ElementType.Int32 => Convert<int>(outputs, index, v => v),
            ElementType.UInt64 => Convert<ulong>(outputs, index, v => v),
            ElementType.Int64 => Convert<long>(outputs, index, v => v),
            _ => Array.ConvertAll(outputs.ToTensor(index).ToFloats(), v => (double)v),
        };
        return new OutputValues(type, outputs.ShapeOf(index), values);
    }

    /// <summary>The place of the largest value of a row, the first of several equal ones.</summary>
    public int LargestOf(int row)
    {
        var scores = Row(row);
        int best = 0;
        for (int i = 1; i < scores.Length; i++)
        {
            if (scores[i] > scores[best] || (double.IsNaN(scores[best]) && !double.IsNaN(scores[i])))
            {
                best = i;
            }
        }

        return best;
    }

    /// <summary>How many scores of a row come before that of a class: larger ones, and equal ones at lower places.</summary>
    public int RankOf(int row, int label)
    {
        var scores = Row(row);
        double own = scores[label];
        if (double.IsNaN(own))
        {
            return scores.Length;
        }

        int before = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            before += scores[i] > own || (scores[i] == own && i < label) ? 1 : 0;
        }

        return before;
    }

    private ReadOnlySpan<double> Row(int row) => Values.AsSpan(row * Classes, Classes);

    private static double[] Convert<T>(SessionOutputs outputs, int index, Func<T, double> convert)
        where T : unmanaged
    {
        var source = outputs.Span<T>(index);
        var result = new double[source.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = convert(source[i]);
        }

        return result;
    }
}
