using Octet.Integers;
using Octet.Integers.Steps;

namespace Octet.Formats.C;

/// <summary>Pools and means.</summary>
internal sealed partial class StepWriter
{
    private void WriteMaxPool(string name, MaxPoolStep step)
    {
        var (from, to) = (step.From, step.To);
        string least = step.Y.IsWide ? "INT16_MIN" : "INT8_MIN";
        Open(name, step, "x");
        OpenPlanes(from, to);
        if (step.ChannelsLast)
        {
            source.Line($"{TypeOf(step.Y)} *const ys = y + ((n * {to.Height} + oy) * {to.Width} + ox) * {to.Channels};");
            For("c", to.Channels);
            source.Line($"ys[c] = {least};");
            source.Close();
            Taps(step.Window, from, MayLeave(step.Window, from, to));
            source.Line($"const {TypeOf(step.X)} *const xs = x + ((n * {from.Height} + iy) * {from.Width} + ix) * {from.Channels};");
            For("c", to.Channels);
            source.Line("ys[c] = xs[c] > ys[c] ? xs[c] : ys[c];");
            source.Close(6);
            return;
        }

        source.Line($"{TypeOf(step.Y)} most = {least};");
        Taps(step.Window, from, MayLeave(step.Window, from, to));
        source.Line($"const {TypeOf(step.X)} v = {At(from, "x", "n")};");
        source.Line("most = v > most ? v : most;");
        source.Close(2);
        source.Line($"y[(n * {to.Height} + oy) * {to.Width} + ox] = most;");
        source.Close(3);
    }

    private void WriteAveragePool(string name, AveragePoolStep step)
    {
        var (from, to) = (step.From, step.To);
        bool counts = step.Requantize.Rescale.Count > 1;
        string type = SumType((long)step.Window.Taps * step.X.Reach);
        string sums = type == "int64_t" ? "scratch_long_sums" : "scratch_sums";
        Open(name, step, "x");
        OpenPlanes(from, to);
        if (counts)
        {
            source.Line("int32_t taps = 0;");
        }

        if (step.ChannelsLast)
        {
            source.Need(sums, type, to.Channels);
            For("c", to.Channels);
            source.Line($"{sums}[c] = 0;");
            source.Close();
        }
        else
        {
            source.Line($"{type} sum = 0;");
        }

        Taps(step.Window, from, MayLeave(step.Window, from, to));
        if (counts)
        {
            source.Line("taps++;");
        }

        if (step.ChannelsLast)
        {
            source.Line($"const {TypeOf(step.X)} *const xs = x + ((n * {from.Height} + iy) * {from.Width} + ix) * {from.Channels};");
            For("c", to.Channels);
            source.Line($"{sums}[c] += {Real("xs[c]", step.X)};");
            source.Close();
        }
        else
        {
            source.Line($"sum += {Real(At(from, "x", "n"), step.X)};");
        }

        source.Close(2);
        const string Channel = "(taps > 0 ? taps - 1 : 0)";
        if (step.ChannelsLast)
        {
            source.Line($"{TypeOf(step.Y)} *const ys = y + ((n * {to.Height} + oy) * {to.Width} + ox) * {to.Channels};");
            For("c", to.Channels);
            source.Line($"ys[c] = {RescaleWriter.Output(source, name, step.Requantize, sums + "[c]", Channel, type)};");
            source.Close();
        }
        else
        {
            source.Line($"y[(n * {to.Height} + oy) * {to.Width} + ox] = {RescaleWriter.Output(source, name, step.Requantize, "sum", Channel, type)};");
        }

        source.Close(3);
    }

    private void WriteMean(string name, MeanStep step)
    {
        int outer = step.Y.Count / step.Trailing;
        string type = SumType((long)step.Inner * step.X.Reach);
        string sums = type == "int64_t" ? "scratch_long_sums" : "scratch_sums";
        Open(name, step, "x");
        if (step.Trailing > 1)
        {
            source.Need(sums, type, step.Trailing);
            For("o", outer);
            For("c", step.Trailing);
            source.Line($"{sums}[c] = 0;");
            source.Close();
            For("i", step.Inner);
            For("c", step.Trailing);
            source.Line($"{sums}[c] += {Real(OfCulture($"x[(o * {step.Inner} + i) * {step.Trailing} + c]"), step.X)};");
            source.Close(2);
            For("c", step.Trailing);
            source.Line($"y[o * {step.Trailing} + c] = {RescaleWriter.Output(source, name, step.Requantize, sums + "[c]", "0", type)};");
            source.Close(2);
            return;
        }

        For("c", outer);
        source.Line($"{type} sum = 0;");
        For("i", step.Inner);
        source.Line($"sum += {Real(OfCulture($"x[c * {step.Inner} + i]"), step.X)};");
        source.Close();
        source.Line($"y[c] = {RescaleWriter.Output(source, name, step.Requantize, "sum", "0", type)};");
        source.Close();
    }

    // Loops over all places of the result: of a plane after the other, or of an image.
    private void OpenPlanes(Planes from, Planes to)
    {
        For("n", from.ChannelsLast ? to.Images : to.Images * to.Channels);
        For("oy", to.Height);
        For("ox", to.Width);
    }
}
