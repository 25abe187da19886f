using Octet.Integers.Steps;

namespace Octet.Formats.C;

/// <summary>Pools and means.</summary>
internal sealed partial class StepWriter
{
    private void WriteMaxPool(string name, MaxPoolStep step)
    {
        var (from, to) = (step.From, step.To);
        Open(name, "x");
        For("c", to.Images * to.Channels);
        For("oy", to.Height);
        For("ox", to.Width);
        source.Line("int8_t most = INT8_MIN;");
        Taps(step.Window, from, MayLeave(step.Window, from, to));
        source.Line($"const int8_t v = x[(c * {from.Height} + iy) * {from.Width} + ix];");
        source.Line("most = v > most ? v : most;");
        source.Close(2);
        source.Line($"y[(c * {to.Height} + oy) * {to.Width} + ox] = most;");
        source.Close(3);
    }

    private void WriteAveragePool(string name, AveragePoolStep step)
    {
        var (from, to) = (step.From, step.To);
        bool counts = step.Requantize.Rescale.Count > 1;
        Open(name, "x");
        For("c", to.Images * to.Channels);
        For("oy", to.Height);
        For("ox", to.Width);
        source.Line("int32_t sum = 0;");
        if (counts)
        {
            source.Line("int32_t taps = 0;");
        }

        Taps(step.Window, from, MayLeave(step.Window, from, to));
        source.Line($"sum += {Real(OfCulture($"x[(c * {from.Height} + iy) * {from.Width} + ix]"), step.X)};");
        if (counts)
        {
            source.Line("taps++;");
        }

        source.Close(2);
        source.Line($"y[(c * {to.Height} + oy) * {to.Width} + ox] = {RescaleWriter.Output(source, name, step.Requantize, "sum", "(taps > 0 ? taps - 1 : 0)")};");
        source.Close(3);
    }

    private void WriteMean(string name, MeanStep step)
    {
        Open(name, "x");
        For("c", step.Y.Count);
        source.Line("int32_t sum = 0;");
        For("i", step.Inner);
        source.Line($"sum += {Real(OfCulture($"x[c * {step.Inner} + i]"), step.X)};");
        source.Close();
        source.Line($"y[c] = {RescaleWriter.Output(source, name, step.Requantize, "sum", "0")};");
        source.Close();
    }
}
