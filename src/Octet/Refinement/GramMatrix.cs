using System.Numerics.Tensors;

namespace Octet.Refinement;

/// <summary>
/// G = XᵀX of sampled inputs: the output error of a weight error δ over those inputs is δᵀGδ, whatever the number of rows.
/// </summary>
internal sealed class GramMatrix
{
    private const int Block = 240;

    // G below the diagonal twice, the diagonal once, zero above: δᵀGδ = Σ δᵢ(folded·δ)ᵢ with half the products.
    private readonly float[] folded;

    private GramMatrix(int size, float[] folded)
    {
        Size = size;
        this.folded = folded;
    }

    /// <summary>K.</summary>
    internal int Size { get; }

    /// <summary>Element (i, j).</summary>
    internal float this[int i, int j] => i == j ? folded[(i * Size) + i] : 0.5f * folded[(Math.Max(i, j) * Size) + Math.Min(i, j)];

    /// <summary>The identity: an error of the weights is an error of the output.</summary>
    internal static GramMatrix Identity(int size)
    {
        var folded = new float[size * size];
        for (int i = 0; i < size; i++)
        {
            folded[(i * size) + i] = 1;
        }

        return new GramMatrix(size, folded);
    }

    /// <summary>The Gram matrix of row-major rows of <paramref name="size"/> values.</summary>
    internal static GramMatrix Of(ReadOnlySpan<float> values, int size)
    {
        int rows = values.Length / size;
        var folded = new float[size * size];
        for (int i = 0; i < size; i += Block)
        {
            int end = Math.Min(size, i + Block);
            DenseProduct.Add(end - i, end, rows, values[i..], 1, size, values, size, folded.AsSpan(i * size), size);
        }

        for (int i = 0; i < size; i++)
        {
            var row = folded.AsSpan(i * size, size);
            row[(i + 1)..].Clear();
            TensorPrimitives.Multiply(row[..i], 2f, row[..i]);
        }

        return new GramMatrix(size, folded);
    }

    /// <summary>The Gram matrix of both sets of rows.</summary>
    internal GramMatrix Plus(GramMatrix other)
    {
        var sum = new float[folded.Length];
        TensorPrimitives.Add(folded, other.folded, sum);
        return new GramMatrix(Size, sum);
    }

    /// <summary>δᵀGδ of every column δ of a K × <paramref name="width"/> matrix.</summary>
    internal double[] ErrorOf(ReadOnlySpan<float> errors, int width)
    {
        var product = new float[Size * width];
        for (int i = 0; i < Size; i += Block)
        {
            int end = Math.Min(Size, i + Block);
            DenseProduct.Add(end - i, width, end, folded.AsSpan(i * Size), Size, 1, errors, width, product.AsSpan(i * width), width);
        }

        var result = new double[width];
        for (int i = 0; i < Size; i++)
        {
            var left = errors.Slice(i * width, width);
            var right = product.AsSpan(i * width, width);
            for (int c = 0; c < result.Length; c++)
            {
                result[c] += (double)left[c] * right[c];
            }
        }

        for (int c = 0; c < result.Length; c++)
        {
            result[c] = Math.Max(0, result[c]);
        }

        return result;
    }
}
