using Octet.Integers;
using Octet.Integers.Steps;
using Octet.Numerics.Rescaling;

namespace Octet.Formats.C;

/// <summary>What is computed element by element.</summary>
internal sealed partial class StepWriter
{
    private void WriteAdd(string name, AddStep step)
    {
        Open(name, step, "a", "b");
        var (a, b, loops) = OpenElements(step.A, step.B, step.Y);
        switch (step.Sum)
        {
            case ShiftSum sum:
                string left = OfCulture($"{a} * {1 << sum.LeftA} {(sum.SignB > 0 ? '+' : '-')} {b} * {1 << sum.LeftB}");
                source.Line($"y[i] = {RescaleWriter.Clamped(source, RescaleWriter.Rescaled(source, name, sum.Result, left, "0"), 0, step.Min, step.Max)};");
                break;
            case MultiplierSum sum:
                string first = RescaleWriter.Rescaled(source, name, sum.A, OfCulture($"{Real(a, step.A)} * {1 << sum.Left}"), "0");
                string second = RescaleWriter.Rescaled(source, name, sum.B, OfCulture($"{Real(b, step.B)} * {1 << sum.Left}"), "0");
                source.Line($"y[i] = {RescaleWriter.Clamped(source, RescaleWriter.Rescaled(source, name, sum.Result, $"{first} {(sum.SignB > 0 ? '+' : '-')} {second}", "0"), sum.ZeroY, step.Min, step.Max)};");
                break;
            case ProductShiftSum sum:
                source.Line($"y[i] = {RescaleWriter.Clamped(source, $"{RescaleWriter.Rescaled(source, name, sum.A, a, "0")} + {RescaleWriter.Rescaled(source, name, sum.B, b, "0")}", 0, step.Min, step.Max)};");
                break;
            default:
                throw new OctetException(ErrorCodes.NoIntegerForm, $"\"{step.Name}\" adds with floats, which generated C does not have", "choose another arithmetic: a multiplier with a shift, or shifts");
        }

        source.Close(loops);
    }

    private void WriteMul(string name, MulStep step)
    {
        Open(name, step, "a", "b");
        var (a, b, loops) = OpenElements(step.A, step.B, step.Y);
        string product = $"{Product(step.A, step.B)}{Real(a, step.A)} * {Real(b, step.B)}";
        source.Line($"y[i] = {RescaleWriter.Output(source, name, step.Requantize, product, "0", SumType((long)step.A.Reach * step.B.Reach))};");
        source.Close(loops);
    }

    // What makes a product of two values as long as it can be.
    private static string Product(IntegerBuffer a, IntegerBuffer b) => (long)a.Reach * b.Reach > int.MaxValue ? "(int64_t)" : string.Empty;

    private void WriteExtremum(string name, ExtremumStep step)
    {
        Open(name, step, "a", "b");
        var (a, b, loops) = OpenElements(step.A, step.B, step.Y);
        source.Line($"y[i] = {a} {(step.IsGreatest ? '>' : '<')} {b} ? {a} : {b};");
        source.Close(loops);
    }

    private void WriteTable(string name, TableStep step)
    {
        string table = source.Name($"{name}_table");
        source.Array("int8_t", table, [.. step.Table.Select(v => (int)v)], $"{Comment(step.Name)}: results for -128 to 127");
        Open(name, step, "x");
        For("i", step.X.Count);
        int tables = step.Table.Length / TableStep.Size;
        source.Line(tables == 1 ? (FormattableString)$"y[i] = {table}[x[i] + 128];" : $"y[i] = {table}[i / {step.Inner} % {tables} * {TableStep.Size} + x[i] + 128];");
        source.Close();
    }

    private void WriteWideTable(string name, WideTableStep step)
    {
        string table = source.Name($"{name}_table");
        source.Array(TypeOf(step.Y), table, [.. step.Table.Select(v => (int)v)], OfCulture($"{Comment(step.Name)}: results for {-step.Offset} to {step.Offset - 1}"));
        Open(name, step, "x");
        For("i", step.X.Count);
        source.Line($"y[i] = {table}[x[i] + {step.Offset}];");
        source.Close();
    }

    private void WriteSoftmax(string name, SoftmaxStep step)
    {
        if (step.Shares is not IntegerSoftmax shares)
        {
            throw new OctetException(ErrorCodes.NoIntegerForm, $"\"{step.Name}\" divides floats, which generated C does not have", "choose another arithmetic: a multiplier with a shift, or shifts");
        }

        string table = source.Name($"{name}_exponentials");
        source.Array("uint16_t", table, shares.Exponentials.AsSpan(), $"{Comment(step.Name)}: 2^15 exp(-d * scale) for d from 0");
        Open(name, step, "x");
        string i = "i";
        if (step.Trailing == 1)
        {
            For("r", step.X.Count / step.Length);
            source.Line($"const {TypeOf(step.X)} *const xs = x + r * {step.Length};");
            source.Line($"{TypeOf(step.Y)} *const ys = y + r * {step.Length};");
        }
        else
        {
            For("o", step.X.Count / (step.Length * step.Trailing));
            For("t", step.Trailing);
            source.Line($"const {TypeOf(step.X)} *const xs = x + o * {step.Length * step.Trailing} + t;");
            source.Line($"{TypeOf(step.Y)} *const ys = y + o * {step.Length * step.Trailing} + t;");
            i = OfCulture($"i * {step.Trailing}");
        }

        source.Line($"int32_t most = {(step.X.IsWide ? "INT16_MIN" : "INT8_MIN")};");
        For("i", step.Length);
        source.Line($"most = xs[{i}] > most ? xs[{i}] : most;");
        source.Close();
        source.Line("uint32_t sum = 0;");
        For("i", step.Length);
        source.Line($"sum += {table}[most - xs[{i}]];");
        source.Close();
        source.Line("/* The sum is 2^15 at least: 2^31 divided by its 16 leading bits; the only division of a row. */");
        source.Line($"int32_t log = {IntegerSoftmax.Bits};");
        source.Line("while (sum >> log > 1) {");
        source.Line("log++;");
        source.Close();
        source.Line($"const uint32_t reciprocal = 0x80000000U / (sum >> (log - {IntegerSoftmax.Bits}));");
        For("i", step.Length);
        source.Line($"const int32_t share = (int32_t)(({table}[most - xs[{i}]] * reciprocal) >> (log + 1));");
        source.Line($"ys[{i}] = {RescaleWriter.Output(source, name, shares.Requantize, "share", "0")};");
        source.Close(step.Trailing == 1 ? 2 : 3);
    }

    // Loops over the result with the places of both operands.
    private (string A, string B, int Loops) OpenElements(IntegerBuffer a, IntegerBuffer b, IntegerBuffer y)
    {
        if (a.Shape.Count == y.Shape.Count && b.Shape.Count == y.Shape.Count)
        {
            For("i", y.Count);
            return ("a[i]", "b[i]", 1);
        }

        int[] stepsA = Broadcast.Strides(a.Shape, y.Shape);
        int[] stepsB = Broadcast.Strides(b.Shape, y.Shape);
        string atA = "0";
        string atB = "0";
        string at = "0";
        for (int d = 0; d < y.Shape.Rank; d++)
        {
            For(OfCulture($"d{d}"), (int)y.Shape[d]);
            atA = stepsA[d] == 0 ? atA : OfCulture($"{atA} + d{d} * {stepsA[d]}");
            atB = stepsB[d] == 0 ? atB : OfCulture($"{atB} + d{d} * {stepsB[d]}");
            at = OfCulture($"({at}) * {y.Shape[d]} + d{d}");
        }

        source.Line($"const int32_t i = {at};");
        return ($"a[{atA}]", $"b[{atB}]", y.Shape.Rank);
    }
}
