using System.Numerics.Tensors;
using Octet.Calibration.Patches;

namespace Octet.Refinement;

/// <summary>
/// Float weights that give, on the inputs that a quantized network really has, most nearly what the float layer gives on its own: the least-squares answer to
/// the errors of everything before (the asymmetric calibration of Li et al. 2025, "GPTAQ"). Solved by conjugate gradients from the float weights on, stopped
/// where rows that were held out no longer gain, so that few or noisy rows change little (Hansen 1998, "Rank-Deficient and Discrete Ill-Posed
/// Problems", chapter 6).
/// </summary>
internal static class CompensatedWeights
{
    private const int MostSteps = 24;
    private const int FewestRows = 32;

    /// <summary>Computes them.</summary>
    /// <param name="weights">The float weights, one row an output channel, in the order of the rows.</param>
    /// <param name="channels">Output channels.</param>
    /// <param name="floats">Rows that the float layer reads, to fit with and to judge by.</param>
    /// <param name="quantized">The same rows as the quantized network has them.</param>
    public static float[] Fit(float[] weights, int channels, (PatchSet Fitted, PatchSet HeldOut) floats, (PatchSet Fitted, PatchSet HeldOut) quantized)
    {
        int groups = floats.Fitted.Request.Geometry.Groups;
        int width = channels / groups;
        int inputs = weights.Length / channels;
        float[] result = (float[])weights.Clone();
        if (floats.Fitted.Count < FewestRows || floats.HeldOut.Count == 0)
        {
            return result;
        }

        for (int g = 0; g < groups; g++)
        {
            var own = ColumnMatrix.Transposed(weights.AsSpan(g * width * inputs, width * inputs), width, inputs);
            var change = Solve(
                new Rows(quantized.Fitted.OfGroup(g), floats.Fitted.OfGroup(g), own), new Rows(quantized.HeldOut.OfGroup(g), floats.HeldOut.OfGroup(g), own));
            for (int c = 0; c < width; c++)
            {
                for (int k = 0; k < inputs; k++)
                {
                    result[(((g * width) + c) * inputs) + k] += change.Values[(k * change.Width) + c];
                }
            }
        }

        return result;
    }

    // Conjugate gradients for all columns at once; the change of the step with the least error on held-out rows.
    private static ColumnMatrix Solve(Rows fitted, Rows heldOut)
    {
        var (inputs, width) = (fitted.Right.Inputs, fitted.Right.Width);
        var now = new ColumnMatrix(inputs, fitted.Right.Channels);
        var best = new ColumnMatrix(inputs, fitted.Right.Channels);
        float[] residual = (float[])fitted.Right.Values.Clone();
        float[] direction = (float[])residual.Clone();
        double[] squares = ColumnDots(residual, residual, width);
        double least = 0;
        for (int step = 0; step < MostSteps && squares.Any(s => s > 0); step++)
        {
            float[] image = fitted.Apply(direction);
            double[] curvature = ColumnDots(direction, image, width);
            double[] length = [.. squares.Zip(curvature, (s, c) => c > 0 ? s / c : 0)];
            AddColumns(now.Values, direction, length, width);
            AddColumns(residual, image, [.. length.Select(l => -l)], width);
            double[] next = ColumnDots(residual, residual, width);
            double[] turn = [.. next.Zip(squares, (n, s) => s > 0 ? n / s : 0)];
            for (int i = 0; i < direction.Length; i++)
            {
                direction[i] = residual[i] + ((float)turn[i % width] * direction[i]);
            }

            squares = next;
            double gain = heldOut.Gain(now.Values);
            if (gain <= least)
            {
                break;
            }

            least = gain;
            now.Values.CopyTo(best.Values, 0);
        }

        return best;
    }

    private static double[] ColumnDots(float[] left, float[] right, int width)
    {
        var sums = new double[width];
        for (int i = 0; i < left.Length; i++)
        {
            sums[i % width] += (double)left[i] * right[i];
        }

        return sums;
    }

    private static void AddColumns(float[] target, float[] source, double[] factors, int width)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] += (float)factors[i % width] * source[i];
        }
    }

    /// <summary>The normal equations of some rows: G = XᵀX of what is seen, and XᵀE·W of the errors E against the float rows.</summary>
    private sealed class Rows
    {
        private readonly float[] gram;
        private readonly int inputs;

        public Rows(float[] seen, float[] wanted, ColumnMatrix weights)
        {
            inputs = weights.Inputs;
            int count = seen.Length / inputs;
            gram = new float[inputs * inputs];
            DenseProduct.Add(inputs, inputs, count, seen, 1, inputs, seen, inputs, gram, inputs);
            float[] errors = wanted;
            TensorPrimitives.Subtract(wanted, seen, errors);
            var missing = new float[count * weights.Width];
            DenseProduct.Add(count, weights.Width, inputs, errors, inputs, 1, weights.Values, weights.Width, missing, weights.Width);
            Right = new ColumnMatrix(inputs, weights.Channels);
            DenseProduct.Add(inputs, weights.Width, count, seen, 1, inputs, missing, weights.Width, Right.Values, weights.Width);
        }

        public ColumnMatrix Right { get; }

        public float[] Apply(float[] columns)
        {
            var result = new float[columns.Length];
            DenseProduct.Add(inputs, Right.Width, inputs, gram, inputs, 1, columns, Right.Width, result, Right.Width);
            return result;
        }

        /// <summary>By how much a change of the weights lowers the squared error over these rows.</summary>
        public double Gain(float[] change)
        {
            float[] image = Apply(change);
            double gain = 0;
            for (int i = 0; i < change.Length; i++)
            {
                gain += (double)change[i] * ((2.0 * Right.Values[i]) - image[i]);
            }

            return gain;
        }
    }
}
