using Octet.Numerics;

namespace Octet.Integers;

/// <summary>Shapes that are stretched to a common one, as ONNX and NumPy do: aligned at the last dimension, dimensions of one element repeated.</summary>
public static class Broadcast
{
    /// <summary>For each element of the result, in order, the elements of both operands.</summary>
    /// <param name="a">Shape of the first operand.</param>
    /// <param name="b">Shape of the second.</param>
    /// <param name="result">Their common shape.</param>
    public static IEnumerable<(int A, int B)> Indices(Shape a, Shape b, Shape result)
    {
        int[] stepsA = Strides(a, result);
        int[] stepsB = Strides(b, result);
        var index = new int[result.Rank];
        int atA = 0;
        int atB = 0;
        for (long n = result.Count; n > 0; n--)
        {
            yield return (atA, atB);
            for (int d = index.Length - 1; d >= 0; d--)
            {
                atA += stepsA[d];
                atB += stepsB[d];
                if (++index[d] < result[d])
                {
                    break;
                }

                atA -= stepsA[d] * index[d];
                atB -= stepsB[d] * index[d];
                index[d] = 0;
            }
        }
    }

    /// <summary>The common shape of two that fit together.</summary>
    public static Shape Common(Shape a, Shape b)
    {
        int rank = Math.Max(a.Rank, b.Rank);
        return new Shape([.. Enumerable.Range(0, rank).Select(d => Of(a, d) == 1 ? Of(b, d) : Of(a, d))]);

        long Of(Shape shape, int d) => d < rank - shape.Rank ? 1 : shape[d - rank + shape.Rank];
    }

    /// <summary>How many elements of an operand lie between neighbours along each dimension of the result; 0 where it is repeated.</summary>
    public static int[] Strides(Shape operand, Shape result)
    {
        var strides = new int[result.Rank];
        int stride = 1;
        for (int d = operand.Rank - 1; d >= 0; d--)
        {
            int at = result.Rank - operand.Rank + d;
            strides[at] = operand[d] == 1 ? 0 : stride;
            stride *= (int)operand[d];
        }

        return strides;
    }
}
