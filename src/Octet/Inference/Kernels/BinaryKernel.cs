namespace Octet.Inference.Kernels;

/// <summary>Operators of two operands, a row after the other.</summary>
internal abstract unsafe class BinaryKernel(BinaryOperands operands) : Kernel
{
    /// <inheritdoc/>
    public override void Run()
    {
        var a = (sbyte*)operands.A;
        var b = (sbyte*)operands.B;
        var y = (sbyte*)operands.Y;
        for (int r = 0; r < operands.Rows; r++, a += operands.StrideA, b += operands.StrideB, y += operands.Length)
        {
            RunRow(a, b, operands.Length, y);
        }
    }

    /// <summary>Runs one row; there is room for a vector behind the last.</summary>
    protected abstract void RunRow(sbyte* a, sbyte* b, int length, sbyte* y);
}
