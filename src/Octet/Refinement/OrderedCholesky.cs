using System.Numerics.Tensors;

namespace Octet.Refinement;

/// <summary>
/// Pᵀ(G + λI)P = L·Lᵀ where P brings, at each step, the input of the least remaining variance forward. Rounding goes from the last row to the first, so
/// the inputs that the others cannot make up for are rounded while others are still free: the diagonal of L becomes even, and the error, Σ Lᵢᵢ²·s²/12,
/// small. (The order of V-BLAST, Wolniansky et al. 1998; GPTQ's order by activation energy is a cheaper stand-in.)
/// </summary>
internal sealed class OrderedCholesky
{
    internal OrderedCholesky(GramMatrix gram, double damping)
    {
        int n = gram.Size;
        double trace = 0;
        for (int i = 0; i < n; i++)
        {
            trace += gram[i, i];
        }

        double added = trace > 0 ? damping * trace / n : 1;
        Size = n;
        Lower = new float[n * n];
        Order = new int[n];
        var variances = new float[n];
        for (int i = 0; i < n; i++)
        {
            Order[i] = i;
            variances[i] = (float)(gram[i, i] + added);
        }

        // Below this is rounding noise: the damping alone keeps every exact variance above.
        float least = (float)(0.5 * added);
        for (int j = 0; j < n; j++)
        {
            Swap(j, j + variances.AsSpan(j).IndexOf(TensorPrimitives.Min<float>(variances.AsSpan(j))), variances);
            var pivot = Lower.AsSpan(j * n, j);
            float diagonal = MathF.Sqrt(Math.Max(variances[j], least));
            Lower[(j * n) + j] = diagonal;
            int source = Order[j];
            for (int i = j + 1; i < n; i++)
            {
                float value = (gram[Order[i], source] - TensorPrimitives.Dot<float>(Lower.AsSpan(i * n, j), pivot)) / diagonal;
                Lower[(i * n) + j] = value;
                variances[i] -= value * value;
            }
        }
    }

    /// <summary>K.</summary>
    internal int Size { get; }

    /// <summary>L, row-major, zero above the diagonal.</summary>
    internal float[] Lower { get; }

    /// <summary>The input that each row of L stands for.</summary>
    internal int[] Order { get; }

    private void Swap(int a, int b, float[] variances)
    {
        if (a == b)
        {
            return;
        }

        (Order[a], Order[b]) = (Order[b], Order[a]);
        (variances[a], variances[b]) = (variances[b], variances[a]);
        var left = Lower.AsSpan(a * Size, a);
        var right = Lower.AsSpan(b * Size, a);
        for (int i = 0; i < left.Length; i++)
        {
            (left[i], right[i]) = (right[i], left[i]);
        }
    }
}
