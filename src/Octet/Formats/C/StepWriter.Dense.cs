using Octet.Integers.Steps;

namespace Octet.Formats.C;

/// <summary>Products with constant weights.</summary>
internal sealed partial class StepWriter
{
    private void WriteDense(string name, DenseStep step)
    {
        if (isFast && !step.X.IsWide && !step.Y.IsWide && step.Weights.Params.ZeroPoints.All(z => z == 0))
        {
            WriteDenseProduct(name, step);
            return;
        }

        Open(name, step, "x");
        For("r", step.RowCount);
        For("m", step.Weights.Rows);
        var (weights, output) = Weighted(step.Weights, step.Requantize, step.X, step.Y);
        source.Line($"{SumType(step.Weights, step.X)} sum = start;");
        For("k", step.Weights.Inner);
        source.Line($"sum += {Real(OfCulture($"x[r * {step.Weights.Inner} + k]"), step.X)} * {LessZero(OfCulture($"{weights}[m * {step.Weights.Inner} + k]"), weights, step.Weights)};");
        source.Close();
        source.Line($"y[r * {step.Weights.Rows} + m] = {output};");
        source.Close(2);
    }

    private void WriteMatMul(string name, MatMulStep step)
    {
        Open(name, step, "a", "b");
        var pairs = step.Pairs().ToArray();
        For("p", pairs.Length);
        string a = RescaleWriter.Element(source, "int32_t", $"{name}_a", [.. pairs.Select(p => p.A * step.RowCount * step.Inner)], "p", "where the first matrices begin");
        string b = RescaleWriter.Element(source, "int32_t", $"{name}_b", [.. pairs.Select(p => p.B * step.Inner * step.ColumnCount)], "p", "where the second matrices begin");
        For("r", step.RowCount);
        For("c", step.ColumnCount);
        string type = SumType((long)step.Inner * step.A.Reach * step.B.Reach);
        source.Line($"{type} sum = 0;");
        For("k", step.Inner);
        source.Line($"sum += {Product(step.A, step.B)}{Real(OfCulture($"a[{a} + r * {step.Inner} + k]"), step.A)} * {Real(OfCulture($"b[{b} + k * {step.ColumnCount} + c]"), step.B)};");
        source.Close();
        source.Line($"y[(p * {step.RowCount} + r) * {step.ColumnCount} + c] = {RescaleWriter.Output(source, name, step.Requantize, "sum", "0", type)};");
        source.Close(3);
    }
}
