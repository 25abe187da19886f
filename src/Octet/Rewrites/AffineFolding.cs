using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Rewrites;

/// <summary>
/// Puts a scale and shift of every channel into the weights and bias of the Conv, ConvTranspose or Gemm before or behind it. Products
/// are made in double precision and rounded once; a fold that would overflow is not made.
/// </summary>
internal static class AffineFolding
{
    /// <summary>Whether a node is a layer whose weights and bias are known and can be changed.</summary>
    public static bool IsFoldable(Node node)
        => (node.Is("Conv") || node.Is("ConvTranspose") || node.Is("Gemm"))
            && node.Outputs.Length == 1
            && node.Input(1).IsFloatConstant() && HasSoundShape(node, node.Inputs[1]!.Constant!.Shape)
            && (node.Input(2) is null || node.Input(2).IsFloatConstant())
            && Bias(node) is not null;

    /// <summary>Number of output channels of a foldable layer.</summary>
    public static int OutputChannels(Node node)
    {
        var shape = node.Inputs[1]!.Constant!.Shape;
        return checked((int)(node.OpType switch
        {
            "Conv" => shape[0],
            "ConvTranspose" => shape[1] * Groups(node),
            _ => shape[IsTransposed(node) ? 0 : 1],
        }));
    }

    /// <summary>Makes a foldable layer compute <paramref name="affine"/> of what it computed.</summary>
    /// <returns>False where the result would not be finite; the layer is then as it was.</returns>
    public static bool FoldBehind(Node node, ChannelAffine affine)
    {
        var weights = node.Inputs[1]!.Constant!;
        var bias = Bias(node)!;
        double[] scale = affine.Scale;
        float[] scaled = weights.ToFloats();
        bool finite = true;
        if (!affine.IsShiftOnly)
        {
            ForEachWeight(node, (i, output, _) => finite &= Multiply(ref scaled[i], scale[output]));
        }

        float[] shifted = [.. bias.Select((b, c) => (float)(b * scale[c] + affine.Shift[c]))];
        if (!finite || !shifted.All(float.IsFinite))
        {
            return false;
        }

        SetWeights(node, affine.IsShiftOnly ? null : scaled, shifted);
        return true;
    }

    /// <summary>Multiplies the weights of every output channel of a foldable layer by a factor and changes its bias, in 32-bit floats throughout.</summary>
    /// <param name="node">The layer.</param>
    /// <param name="scale">One factor an output channel.</param>
    /// <param name="newBias">What becomes of the bias of a channel.</param>
    /// <returns>False where the result would not be finite; the layer is then as it was.</returns>
    public static bool FoldBehindInSingle(Node node, float[] scale, Func<float, int, float> newBias)
    {
        float[] weights = node.Inputs[1]!.Constant!.ToFloats();
        float[] bias = [.. Bias(node)!.Select((b, c) => newBias((float)b, c))];
        ForEachWeight(node, (i, output, _) => weights[i] *= scale[output]);
        if (!weights.All(float.IsFinite) || !bias.All(float.IsFinite))
        {
            return false;
        }

        SetWeights(node, weights, bias);
        return true;
    }

    /// <summary>Makes a foldable layer compute of <paramref name="affine"/> of its input what it computed of the input.</summary>
    /// <returns>False where that is not exact, because borders of the input are padded with zeros, or not finite; the layer is then as it was.</returns>
    public static bool FoldBefore(Node node, ChannelAffine affine)
    {
        if (node.Is("ConvTranspose") || node.GetInt("transA", 0) != 0 || affine.Channels != InputChannels(node) || (!affine.IsScaleOnly && PadsBorders(node)))
        {
            return false;
        }

        var weights = node.Inputs[1]!.Constant!;
        float[] scaled = weights.ToFloats();
        double alpha = node.GetFloat("alpha", 1);
        double[] bias = Bias(node)!;
        bool finite = true;
        ForEachWeight(node, (i, output, input) =>
        {
            bias[output] += alpha * scaled[i] * affine.Shift[input];
            finite &= Multiply(ref scaled[i], affine.Scale[input]);
        });
        float[] shifted = [.. bias.Select(b => (float)b)];
        if (!finite || !shifted.All(float.IsFinite))
        {
            return false;
        }

        SetWeights(node, scaled, affine.IsScaleOnly ? null : shifted);
        return true;
    }

    /// <summary>The bias of every output channel with its factor; zeros where there is none, null where it is not one number a channel.</summary>
    private static double[]? Bias(Node node)
    {
        int channels = OutputChannels(node);
        if (node.Input(2) is not { } value)
        {
            return new double[channels];
        }

        var shape = value.Constant!.Shape;
        bool broadcasts = node.Is("Gemm") && shape.Count == 1;
        if ((shape.Count != channels && !broadcasts) || (shape.Rank > 0 && shape[-1] != shape.Count))
        {
            return null;
        }

        double beta = node.Is("Gemm") ? node.GetFloat("beta", 1) : 1;
        float[] values = value.Constant.ToFloats();
        return [.. Enumerable.Range(0, channels).Select(c => beta * values[values.Length == 1 ? 0 : c])];
    }

    private static void SetWeights(Node node, float[]? weights, float[]? bias)
    {
        if (weights is not null)
        {
            Merging.SetFloats(node, 1, weights, node.Inputs[1]!.Constant!.Shape, "weights");
        }

        if (bias is not null)
        {
            Merging.SetFloats(node, 2, bias, new Shape(bias.Length), node.Inputs[1]!.Name + "_bias");
            node.RemoveAttribute("beta");
        }
    }

    private static bool HasSoundShape(Node node, Shape shape)
        => shape is { Rank: >= 2, Count: > 0 } && shape[0] % Groups(node) == 0 && (!node.Is("Gemm") || shape.Rank == 2);

    /// <summary>Visits all weights with their index, output channel and input channel.</summary>
    private static void ForEachWeight(Node node, Action<int, int, int> visit)
    {
        var shape = node.Inputs[1]!.Constant!.Shape;
        int rows = checked((int)shape[0]);
        int columns = checked((int)shape[1]);
        int kernel = checked((int)(shape.Count / rows / columns));
        int groups = Groups(node);
        bool rowsAreOutputs = node.Is("Conv") || (node.Is("Gemm") && IsTransposed(node));
        for (int row = 0, i = 0; row < rows; row++)
        {
            int group = row / (rows / groups);
            for (int column = 0; column < columns; column++)
            {
                int inGroup = group * columns + column;
                for (int k = 0; k < kernel; k++, i++)
                {
                    visit(i, rowsAreOutputs ? row : inGroup, rowsAreOutputs ? inGroup : row);
                }
            }
        }
    }

    private static int InputChannels(Node node)
    {
        var shape = node.Inputs[1]!.Constant!.Shape;
        return checked((int)(node.Is("Conv") ? shape[1] * Groups(node) : shape[IsTransposed(node) ? 1 : 0]));
    }

    private static bool PadsBorders(Node node)
        => node.Is("Conv") && (node.GetInts("pads").Any(p => p != 0) || node.GetText("auto_pad", "NOTSET") is not ("NOTSET" or "VALID"));

    private static bool Multiply(ref float weight, double factor)
    {
        bool wasFinite = float.IsFinite(weight);
        weight = (float)(weight * factor);
        return float.IsFinite(weight) || !wasFinite;
    }

    private static int Groups(Node node) => node.Is("Gemm") ? 1 : (int)Math.Clamp(node.GetInt("group", 1), 1, int.MaxValue);

    private static bool IsTransposed(Node node) => node.GetInt("transB", 0) != 0;
}
