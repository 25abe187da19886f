using Octet.Integers;
using Octet.Integers.Steps;

namespace Octet.Formats.C;

/// <summary>Convolutions: the plain nest of loops; channels that lie together are taken care of in the other file.</summary>
internal sealed partial class StepWriter
{
    private void WriteConv(string name, ConvStep step)
    {
        if (step.ChannelsLast && !step.X.IsWide && !step.Y.IsWide && step.From.Images == 1 && step.Weights.Params.ZeroPoints.All(z => z == 0))
        {
            // Most taps of a spread plane are zeros, which the plain nest leaves out.
            if (step.Groups == 1 && !step.Window.IsSpread)
            {
                WriteProduct(name, step);
                return;
            }

            if (step.Groups == step.From.Channels && step.Groups == step.To.Channels)
            {
                WriteDepthwise(name, step);
                return;
            }
        }

        var (from, to, window) = (step.From, step.To, step.Window);
        int inChannels = from.Channels / step.Groups;
        Open(name, step, "x");
        For("n", to.Images);
        For("m", to.Channels);
        var (weights, output) = Weighted(step.Weights, step.Requantize, step.X, step.Y);
        if (step.Groups > 1)
        {
            source.Line($"const int32_t first = m / {to.Channels / step.Groups} * {inChannels};");
        }

        source.Line($"const {TypeOf(step.X)} *const xs = x + n * {from.Channels * from.Area};");
        source.Line($"{TypeOf(step.Y)} *const ys = y + n * {to.Channels * to.Area};");
        For("oy", to.Height);
        For("ox", to.Width);
        source.Line($"const int8_t *w = {weights} + m * {step.Weights.Inner};");
        source.Line($"{SumType(step.Weights, step.X)} sum = start;");
        if (!step.ChannelsLast)
        {
            For("c", inChannels);
        }

        Taps(window, from, MayLeave(window, from, to));
        if (step.ChannelsLast)
        {
            For("c", inChannels);
        }

        string tap = step.ChannelsLast ? OfCulture($"w[(ky * {window.Width} + kx) * {inChannels} + c]") : OfCulture($"w[(c * {window.Height} + ky) * {window.Width} + kx]");
        source.Line($"sum += {Real(At(from, "xs", step.Groups > 1 ? "(first + c)" : "c"), step.X)} * {LessZero(tap, weights, step.Weights)};");
        source.Close(3);
        source.Line($"{(to.ChannelsLast ? OfCulture($"ys[(oy * {to.Width} + ox) * {to.Channels} + m]") : OfCulture($"ys[(m * {to.Height} + oy) * {to.Width} + ox]"))} = {output};");
        source.Close(4);
    }

    private string LessZero(string weight, string name, IntegerWeights weights)
        => weights.Params.ZeroPoints.All(z => z == 0) ? weight
            : $"({weight} + {RescaleWriter.Element(source, "int8_t", $"{name}_zero", [.. Enumerable.Range(0, weights.Rows).Select(m => -weights.ZeroPointOf(m))], "m", "zero points of the weights, negated")})";
}
