using Octet.Integers;

namespace Octet.Inference.Kernels;

/// <summary>
/// Weights less their zero points as shorts, in panels of two vectors of output channels: for each pair of inputs the two vectors whose lanes hold the two weights of a channel.
/// </summary>
internal sealed unsafe class PackedWeights
{
    private readonly AlignedMemory<short> values;
    private readonly AlignedMemory<int> biases;

    /// <summary>Makes room for weights, all 0.</summary>
    /// <param name="rows">Output channels.</param>
    /// <param name="depth">Inputs of a sum.</param>
    /// <param name="lanes">Lanes of a vector.</param>
    public PackedWeights(int rows, int depth, int lanes)
    {
        Pairs = (depth + 1) / 2;
        PanelWidth = 2 * lanes;
        Panels = (rows + PanelWidth - 1) / PanelWidth;
        values = new AlignedMemory<short>(checked(Panels * PanelLength));
        biases = new AlignedMemory<int>(Panels * PanelWidth);
    }

    /// <summary>Pairs of inputs of a sum.</summary>
    public int Pairs { get; }

    /// <summary>Output channels of a panel.</summary>
    public int PanelWidth { get; }

    /// <summary>Number of panels.</summary>
    public int Panels { get; }

    private int PanelLength => Pairs * PanelWidth * 2;

    /// <summary>Packs weights.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="depth">Inputs of a sum, in the order that a kernel reads them.</param>
    /// <param name="at">For an output channel and an input the weight's place in its row; −1 for 0.</param>
    /// <param name="lanes">Lanes of a vector.</param>
    public static PackedWeights Of(IntegerWeights weights, int depth, Func<int, int, int> at, int lanes)
    {
        var packed = new PackedWeights(weights.Rows, depth, lanes);
        for (int n = 0; n < weights.Rows; n++)
        {
            var row = weights.Row(n);
            int zero = weights.ZeroPointOf(n);
            for (int k = 0; k < depth; k++)
            {
                int i = at(n, k);
                packed.Set(n, k, (short)(i < 0 ? 0 : row[i] - zero));
            }

            packed.SetBias(n, weights.BiasOf(n));
        }

        return packed;
    }

    /// <summary>Packs the weights of a convolution over planes, plane after plane; between groups they are 0.</summary>
    /// <param name="convolution">The convolution, its channels not last.</param>
    /// <param name="lanes">Lanes of a vector.</param>
    public static PackedWeights Planar(Convolution convolution, int lanes)
    {
        int inputs = convolution.From.Channels / convolution.Groups * convolution.Window.Taps;
        int outputs = convolution.To.Channels / convolution.Groups;
        return Of(convolution.Weights, inputs * convolution.Groups, (n, k) => k / inputs == n / outputs ? k % inputs : -1, lanes);
    }

    /// <summary>Sets a weight.</summary>
    /// <param name="row">The output channel.</param>
    /// <param name="input">Its place in a sum.</param>
    /// <param name="weight">The weight less its zero point.</param>
    public void Set(int row, int input, short weight)
        => Panel(row / PanelWidth)[(input / 2 * PanelWidth * 2) + (row % PanelWidth * 2) + (input % 2)] = weight;

    /// <summary>Sets what the sums of an output channel begin with.</summary>
    public void SetBias(int row, int bias) => biases.Start[row] = bias;

    /// <summary>The weights of a panel.</summary>
    public short* Panel(int panel) => values.Start + ((long)panel * PanelLength);

    /// <summary>What the sums of a panel begin with.</summary>
    public int* Bias(int panel) => biases.Start + (panel * PanelWidth);
}
