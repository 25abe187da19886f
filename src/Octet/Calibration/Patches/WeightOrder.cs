using Octet.Graphs;

namespace Octet.Calibration.Patches;

/// <summary>The weights of a layer as a matrix of one row an output channel, ordered as the rows of <see cref="PatchGeometry"/>.</summary>
public sealed class WeightOrder
{
    private readonly int[] source;

    private WeightOrder(int channels, int rowLength, int groups, int[] source)
    {
        Channels = channels;
        RowLength = rowLength;
        Groups = groups;
        this.source = source;
    }

    /// <summary>Output channels, all groups together.</summary>
    public int Channels { get; }

    /// <summary>Weights of one output channel.</summary>
    public int RowLength { get; }

    /// <summary>Groups; output channel c belongs to group c / (Channels / Groups).</summary>
    public int Groups { get; }

    /// <summary>The matrix of a Conv, Gemm or MatMul; null for other nodes.</summary>
    public static WeightOrder? Of(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (node.Input(1)?.Constant is not { } weights || weights.Count > int.MaxValue)
        {
            return null;
        }

        int[] dimensions = [.. weights.Shape.Dimensions.Select(d => (int)d)];
        if (node.Is("Conv"))
        {
            int perGroup = dimensions[1];
            int kernel = (int)(weights.Count / Math.Max(1, dimensions[0] * (long)perGroup));
            var map = new int[weights.Count];
            for (int i = 0; i < map.Length; i++)
            {
                int channel = i / (perGroup * kernel);
                int k = i / perGroup % kernel;
                map[i] = (((channel * perGroup) + (i % perGroup)) * kernel) + k;
            }

            return new WeightOrder(dimensions[0], perGroup * kernel, (int)node.GetInt("group", 1), map);
        }

        if ((node.Is("Gemm") || node.Is("MatMul")) && dimensions.Length == 2)
        {
            bool rowsAreChannels = node.Is("Gemm") && node.GetInt("transB", 0) != 0;
            var (channels, length) = rowsAreChannels ? (dimensions[0], dimensions[1]) : (dimensions[1], dimensions[0]);
            var map = new int[weights.Count];
            for (int i = 0; i < map.Length; i++)
            {
                map[i] = rowsAreChannels ? i : (i % length * channels) + (i / length);
            }

            return new WeightOrder(channels, length, 1, map);
        }

        return null;
    }

    /// <summary>The values of a tensor in the layer's layout, in the matrix's order.</summary>
    public T[] FromLayout<T>(ReadOnlySpan<T> values)
    {
        var matrix = new T[source.Length];
        for (int i = 0; i < matrix.Length; i++)
        {
            matrix[i] = values[source[i]];
        }

        return matrix;
    }

    /// <summary>The values of a matrix in the layer's layout.</summary>
    public T[] ToLayout<T>(ReadOnlySpan<T> matrix)
    {
        var values = new T[source.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[source[i]] = matrix[i];
        }

        return values;
    }
}
