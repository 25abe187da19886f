using Octet.Integers;
using Octet.Integers.Steps;
using Octet.Numerics.Rescaling;

namespace Octet.Formats.C;

/// <summary>
/// Loops that compilers turn into vector instructions: rows of 16-bit values, four output channels at a time, several places for one reading of the weights;
/// and depthwise convolutions along the channels.
/// </summary>
internal sealed partial class StepWriter
{
    private const int Block = 4;
    private const int MostRows = 8;

    // What the scratch arrays of a step may take together, where one row fits.
    private const int ScratchBytes = 1 << 14;

    private void WriteProduct(string name, ConvStep step)
    {
        var (from, to, window) = (step.From, step.To, step.Window);
        bool isPointwise = window is { Taps: 1, StrideX: 1, StrideY: 1, Top: 0, Left: 0 } && from.Area == to.Area;
        Open(name, step, "x");
        if (!isPointwise)
        {
            source.Line("int32_t oy = 0;");
            source.Line("int32_t ox = 0;");
        }

        WriteRows(step.Weights, step.Requantize, to.Area, () =>
        {
            if (isPointwise)
            {
                source.Line($"const int8_t *const xs = x + (p + t) * {from.Channels};");
                For("c", from.Channels);
                source.Line($"row[c] = (int16_t){Real("xs[c]", step.X)};");
                source.Close();
                return;
            }

            bool mayLeave = MayLeave(window, from, to);
            For("ky", window.Height);
            source.Line($"const int32_t iy = {Position("oy", window.StrideY, "ky", window.DilationY, window.Top)};");
            For("kx", window.Width);
            source.Line($"const int32_t ix = {Position("ox", window.StrideX, "kx", window.DilationX, window.Left)};");
            source.Line($"int16_t *const tap = row + (ky * {window.Width} + kx) * {from.Channels};");
            if (mayLeave)
            {
                source.Line($"if (iy < 0 || iy >= {from.Height} || ix < 0 || ix >= {from.Width}) {{");
                For("c", from.Channels);
                source.Line("tap[c] = 0;");
                source.Close();
                source.Line("continue;");
                source.Close();
            }

            source.Line($"const int8_t *const xs = x + (iy * {from.Width} + ix) * {from.Channels};");
            For("c", from.Channels);
            source.Line($"tap[c] = (int16_t){Real("xs[c]", step.X)};");
            source.Close(3);
            source.Line($"if (++ox == {to.Width}) {{");
            source.Line("ox = 0;");
            source.Line("oy++;");
            source.Close();
        });
    }

    private void WriteDenseProduct(string name, DenseStep step)
    {
        Open(name, step, "x");
        WriteRows(step.Weights, step.Requantize, step.RowCount, () =>
        {
            source.Line($"const int8_t *const xs = x + (p + t) * {step.Weights.Inner};");
            For("c", step.Weights.Inner);
            source.Line($"row[c] = (int16_t){Real("xs[c]", step.X)};");
            source.Close();
        });
    }

    // Products of all rows of the input with all rows of the weights.
    private void WriteRows(IntegerWeights weights, Requantize requantize, int count, Action gather)
    {
        int inner = weights.Inner;
        int outputs = weights.Rows;
        int rows = Math.Min(Math.Clamp(ScratchBytes / ((2 * inner) + (4 * outputs)), 1, MostRows), count);
        var (w, bias) = Constants(weights, [.. weights.Values.ToArray().Select(v => (int)v)]);
        source.Need("scratch_rows", "int16_t", rows * inner);
        source.Need("scratch_weights", "int16_t", Math.Min(Block, outputs) * inner);
        source.Need("scratch_sums", "int32_t", rows * outputs);
        source.Line($"for (int32_t p = 0; p < {count}; p += {rows}) {{");
        source.Line($"const int32_t count = {(count % rows == 0 ? OfCulture($"{rows}") : OfCulture($"{count} - p < {rows} ? {count} - p : {rows}"))};");
        source.Line("for (int32_t t = 0; t < count; t++) {");
        source.Line($"int16_t *const row = scratch_rows + t * {inner};");
        gather();
        source.Close();
        int whole = outputs / Block * Block;
        if (whole > 0)
        {
            Products(w, inner, outputs, $"for (int32_t m = 0; m < {OfCulture($"{whole}")}; m += {Block}) {{", Block);
        }

        if (whole < outputs)
        {
            Products(w, inner, outputs, $"for (int32_t m = {OfCulture($"{whole}")}; m < {OfCulture($"{outputs}")}; m++) {{", 1);
        }

        source.Line("for (int32_t t = 0; t < count; t++) {");
        source.Line($"const int32_t *const sums = scratch_sums + t * {outputs};");
        source.Line($"int8_t *const ys = y + (p + t) * {outputs};");
        For("m", outputs);
        source.Line($"ys[m] = {RescaleWriter.Output(source, w, requantize, bias is null ? "sums[m]" : $"sums[m] + {bias}[m]", "m")};");
        source.Close(3);
    }

    private void Products(string weights, int inner, int outputs, string loop, int block)
    {
        source.Line(loop);
        For("k", block * inner);
        source.Line($"scratch_weights[k] = {weights}[m * {inner} + k];");
        source.Close();
        source.Line("for (int32_t t = 0; t < count; t++) {");
        source.Line($"const int16_t *const row = scratch_rows + t * {inner};");
        for (int i = 0; i < block; i++)
        {
            source.Line($"int32_t sum{i} = 0;");
        }

        For("k", inner);
        for (int i = 0; i < block; i++)
        {
            source.Line($"sum{i} += row[k] * scratch_weights[{(i == 0 ? string.Empty : OfCulture($"{i * inner} + "))}k];");
        }

        source.Close();
        for (int i = 0; i < block; i++)
        {
            source.Line($"scratch_sums[t * {outputs} + m + {i}] = sum{i};");
        }

        source.Close(2);
    }

    private void WriteDepthwise(string name, ConvStep step)
    {
        var (from, to, window) = (step.From, step.To, step.Window);
        int channels = to.Channels;
        var values = step.Weights.Values.ToArray();
        var (w, bias) = Constants(step.Weights, [.. Enumerable.Range(0, values.Length).Select(i => (int)values[(i % channels * window.Taps) + (i / channels)])]);
        source.Need("scratch_sums", "int32_t", channels);
        Open(name, step, "x");
        For("oy", to.Height);
        For("ox", to.Width);
        For("c", channels);
        source.Line($"scratch_sums[c] = {(bias is null ? "0" : $"{bias}[c]")};");
        source.Close();
        Taps(window, from, MayLeave(window, from, to));
        source.Line($"const int8_t *const xs = x + (iy * {from.Width} + ix) * {channels};");
        source.Line($"const int8_t *const w = {w} + (ky * {window.Width} + kx) * {channels};");
        For("c", channels);
        source.Line($"scratch_sums[c] += (int16_t)({Real("xs[c]", step.X)} * w[c]);");
        source.Close(3);
        source.Line($"int8_t *const ys = y + (oy * {to.Width} + ox) * {channels};");
        For("c", channels);
        source.Line($"ys[c] = {RescaleWriter.Output(source, w, step.Requantize, "scratch_sums[c]", "c")};");
        source.Close(3);
    }

    // Weights and what the sums begin with, all shifts done.
    private (string Weights, string? Bias) Constants(IntegerWeights weights, int[] values)
    {
        int layer = layers++;
        string w = source.Name(OfCulture($"W{layer}"));
        source.Array("int8_t", w, values, OfCulture($"weights of layer {layer}, {weights.Rows} rows of {weights.Inner}"));
        if (weights.Bias.IsEmpty)
        {
            return (w, null);
        }

        string bias = source.Name(OfCulture($"B{layer}"));
        source.Array("int32_t", bias, [.. Enumerable.Range(0, weights.Rows).Select(weights.BiasOf)], OfCulture($"biases of layer {layer}"));
        return (w, bias);
    }
}
