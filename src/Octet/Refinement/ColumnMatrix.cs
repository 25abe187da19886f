namespace Octet.Refinement;

/// <summary>
/// A matrix of one row for each of K inputs and one column for each output channel, padded with zero columns to whole vectors, so that loops over channels
/// need no remainder.
/// </summary>
internal sealed class ColumnMatrix
{
    /// <summary>Floats in a vector.</summary>
    internal const int Lanes = 8;

    internal ColumnMatrix(int inputs, int channels)
    {
        Inputs = inputs;
        Channels = channels;
        Width = PaddedWidth(channels);
        Values = new float[inputs * Width];
    }

    /// <summary>K.</summary>
    internal int Inputs { get; }

    /// <summary>Columns that stand for channels.</summary>
    internal int Channels { get; }

    /// <summary>Columns with the padding.</summary>
    internal int Width { get; }

    /// <summary>Row-major.</summary>
    internal float[] Values { get; }

    internal static int PaddedWidth(int channels) => (channels + Lanes - 1) / Lanes * Lanes;

    /// <summary>A matrix from weights in the order [channel, input].</summary>
    internal static ColumnMatrix Transposed(ReadOnlySpan<float> weights, int channels, int inputs)
    {
        var result = new ColumnMatrix(inputs, channels);
        for (int c = 0; c < channels; c++)
        {
            for (int k = 0; k < inputs; k++)
            {
                result.Values[(k * result.Width) + c] = weights[(c * inputs) + k];
            }
        }

        return result;
    }

    internal Span<float> Row(int input) => Values.AsSpan(input * Width, Width);

    /// <summary>The columns of some channels.</summary>
    internal ColumnMatrix Select(ReadOnlySpan<int> channels)
    {
        var result = new ColumnMatrix(Inputs, channels.Length);
        for (int k = 0; k < Inputs; k++)
        {
            var source = Row(k);
            var target = result.Row(k);
            for (int c = 0; c < channels.Length; c++)
            {
                target[c] = source[channels[c]];
            }
        }

        return result;
    }

    /// <summary>Copies column <paramref name="from"/> of <paramref name="source"/> into column <paramref name="to"/>.</summary>
    internal void CopyColumn(ColumnMatrix source, int from, int to)
    {
        for (int k = 0; k < Inputs; k++)
        {
            Values[(k * Width) + to] = source.Values[(k * source.Width) + from];
        }
    }
}
