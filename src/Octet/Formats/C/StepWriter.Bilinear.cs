using System.Collections.Immutable;
using Octet.Integers.Steps;

namespace Octet.Formats.C;

/// <summary>Values between pixels.</summary>
internal sealed partial class StepWriter
{
    private void WriteBilinear(string name, BilinearStep step)
    {
        var (from, to) = (step.From, step.To);
        string type = SumType((long)step.X.Reach * BilinearStep.One * BilinearStep.One);
        string rows = Places(name, "rows", step.Rows);
        string columns = Places(name, "columns", step.Columns);
        Open(name, step, "x");
        OpenPlanes(from, to);
        Neighbours("iy", "down", OfCulture($"{rows}[oy]"), from.Height);
        Neighbours("ix", "along", OfCulture($"{columns}[ox]"), from.Width);
        if (step.ChannelsLast)
        {
            For("c", to.Channels);
        }

        for (int i = 0; i < 2; i++)
        {
            source.Line($"const {type} line{i} = {Between(i)};");
        }

        source.Line($"const {type} sum = line0 * ({BilinearStep.One} - down) + line1 * down;");
        string at = step.ChannelsLast ? OfCulture($"((n * {to.Height} + oy) * {to.Width} + ox) * {to.Channels} + c") : OfCulture($"(n * {to.Height} + oy) * {to.Width} + ox");
        source.Line($"y[{at}] = {RescaleWriter.Output(source, name, step.Requantize, "sum", "0", type)};");
        source.Close(step.ChannelsLast ? 4 : 3);

        string Between(int line) => OfCulture($"{Pixel(line, 0)} * ({BilinearStep.One} - along) + {Pixel(line, 1)} * along");
        string Pixel(int line, int column) => Real(
            step.ChannelsLast
                ? OfCulture($"x[((n * {from.Height} + iy{line}) * {from.Width} + ix{column}) * {from.Channels} + c]")
                : OfCulture($"x[(n * {from.Height} + iy{line}) * {from.Width} + ix{column}]"),
            step.X);
    }

    private string Places(string layer, string what, ImmutableArray<int> places)
    {
        string name = source.Name($"{layer}_{what}");
        source.Array(places.Max() <= short.MaxValue ? "int16_t" : "int32_t", name, places.AsSpan(), $"{layer}: {what} between those of the input, in units of 2^-{BilinearStep.Bits}");
        return name;
    }

    private void Neighbours(string name, string share, string place, int size)
    {
        source.Line($"const int32_t {name}0 = {place} >> {BilinearStep.Bits};");
        source.Line($"const int32_t {name}1 = {name}0 + ({name}0 < {OfCulture($"{size - 1}")});");
        source.Line($"const int32_t {share} = {place} & {BilinearStep.One - 1};");
    }
}
