using Octet.Integers.Steps;

namespace Octet.Formats.C;

/// <summary>Convolutions.</summary>
internal sealed partial class StepWriter
{
    private void WriteConv(string name, ConvStep step)
    {
        var (from, to, window) = (step.From, step.To, step.Window);
        int inChannels = from.Channels / step.Groups;
        Open(name, "x");
        For("n", to.Images);
        For("m", to.Channels);
        var (weights, output) = Weighted(step.Weights, step.Requantize, step.X, step.Y);
        string first = step.Groups == 1 ? OfCulture($"n * {from.Channels}") : OfCulture($"n * {from.Channels} + m / {to.Channels / step.Groups} * {inChannels}");
        source.Line($"const int8_t *const xs = x + ({first}) * {from.Area};");
        source.Line($"int8_t *const ys = y + (n * {to.Channels} + m) * {to.Area};");
        For("oy", to.Height);
        For("ox", to.Width);
        source.Line($"const int8_t *w = {weights} + m * {step.Weights.Inner};");
        source.Line("int32_t sum = start;");
        For("c", inChannels);
        Taps(window, from, MayLeave(window, from, to));
        string zero = step.Weights.Params.ZeroPoints.All(z => z == 0) ? string.Empty
            : $" {RescaleWriter.Element(source, "int8_t", $"{weights}_zero", [.. Enumerable.Range(0, to.Channels).Select(m => -step.Weights.ZeroPointOf(m))], "m", "zero points of the weights, negated")}";
        string tap = OfCulture($"w[(c * {window.Height} + ky) * {window.Width} + kx]");
        source.Line($"sum += {Real(OfCulture($"xs[(c * {from.Height} + iy) * {from.Width} + ix]"), step.X)} * {(zero.Length == 0 ? tap : $"({tap} +{zero})")};");
        source.Close(3);
        source.Line($"ys[oy * {to.Width} + ox] = {output};");
        source.Close(4);
    }
}
