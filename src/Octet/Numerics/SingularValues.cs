namespace Octet.Numerics;

/// <summary>Singular value decomposition W = U · diag(s) · Vᵀ by one-sided Jacobi rotations (Hestenes 1958; Golub and Van Loan, "Matrix Computations", 8.6.3): exact to the last digits, for matrices of a layer.</summary>
public static class SingularValues
{
    private const int MostSweeps = 60;
    private const double Orthogonal = 1e-14;

    /// <summary>Decomposes a matrix.</summary>
    /// <param name="matrix">Rows × columns.</param>
    /// <returns>U (rows × k), s (k, largest first) and Vᵀ (k × columns), with k the smaller of rows and columns.</returns>
    public static (double[,] U, double[] S, double[,] Vt) Of(double[,] matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        int rows = matrix.GetLength(0);
        int columns = matrix.GetLength(1);
        if (rows < columns)
        {
            var (u, s, vt) = Of(Transposed(matrix));
            return (Transposed(vt), s, Transposed(u));
        }

        // Columns of A are turned until all are orthogonal: then they are U · diag(s), and the turns together V.
        double[][] a = Columns(matrix);
        double[][] v = Identity(columns);
        for (int sweep = 0; sweep < MostSweeps && Sweep(a, v); sweep++)
        {
        }

        double[] lengths = [.. a.Select(c => Math.Sqrt(Dot(c, c)))];
        int[] order = [.. Enumerable.Range(0, columns).OrderByDescending(i => lengths[i]).ThenBy(i => i)];
        var left = new double[rows, columns];
        var right = new double[columns, columns];
        for (int k = 0; k < columns; k++)
        {
            int from = order[k];
            for (int r = 0; r < rows; r++)
            {
                left[r, k] = lengths[from] > 0 ? a[from][r] / lengths[from] : 0;
            }

            for (int c = 0; c < columns; c++)
            {
                right[k, c] = v[from][c];
            }
        }

        return (left, [.. order.Select(i => lengths[i])], right);
    }

    // Turns every pair of columns; false where all were orthogonal.
    private static bool Sweep(double[][] a, double[][] v)
    {
        bool turned = false;
        for (int p = 0; p < a.Length - 1; p++)
        {
            for (int q = p + 1; q < a.Length; q++)
            {
                double alpha = Dot(a[p], a[p]);
                double beta = Dot(a[q], a[q]);
                double gamma = Dot(a[p], a[q]);
                if (Math.Abs(gamma) <= Orthogonal * Math.Sqrt(alpha * beta))
                {
                    continue;
                }

                turned = true;
                double zeta = (beta - alpha) / (2 * gamma);
                double tangent = (zeta < 0 ? -1 : 1) / (Math.Abs(zeta) + Math.Sqrt(1 + (zeta * zeta)));
                double cosine = 1 / Math.Sqrt(1 + (tangent * tangent));
                Turn(a[p], a[q], cosine, cosine * tangent);
                Turn(v[p], v[q], cosine, cosine * tangent);
            }
        }

        return turned;
    }

    private static void Turn(double[] x, double[] y, double cosine, double sine)
    {
        for (int i = 0; i < x.Length; i++)
        {
            (x[i], y[i]) = ((cosine * x[i]) - (sine * y[i]), (sine * x[i]) + (cosine * y[i]));
        }
    }

    private static double Dot(double[] x, double[] y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    private static double[][] Columns(double[,] matrix)
        => [.. Enumerable.Range(0, matrix.GetLength(1)).Select(c => Enumerable.Range(0, matrix.GetLength(0)).Select(r => matrix[r, c]).ToArray())];

    private static double[][] Identity(int n) => [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Select(j => i == j ? 1.0 : 0).ToArray())];

    private static double[,] Transposed(double[,] matrix)
    {
        var result = new double[matrix.GetLength(1), matrix.GetLength(0)];
        for (int r = 0; r < matrix.GetLength(0); r++)
        {
            for (int c = 0; c < matrix.GetLength(1); c++)
            {
                result[c, r] = matrix[r, c];
            }
        }

        return result;
    }
}
