using Octet.Integers.Steps;
using Octet.Numerics;

namespace Octet.Integers;

/// <summary>The elements of all buffers of a program during a run. Quantized ones stay where they are, with room for a vector behind them.</summary>
public sealed class IntegerMemory
{
    private const int Room = 64;

    private readonly Dictionary<IntegerBuffer, sbyte[]> bytes = [];
    private readonly Dictionary<IntegerBuffer, Tensor> tensors = [];
    private readonly Action<FloatStep, IntegerMemory>? floats;

    /// <summary>Makes room for every buffer of a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="floats">Runs layers that stay float; null where there are none.</param>
    public IntegerMemory(IntegerProgram program, Action<FloatStep, IntegerMemory>? floats = null)
    {
        ArgumentNullException.ThrowIfNull(program);
        this.floats = floats;
        foreach (var root in program.Buffers.Where(b => b.Params is not null).Select(b => b.Root))
        {
            if (bytes.TryAdd(root, GC.AllocateArray<sbyte>(checked(root.Count + Room), pinned: true)))
            {
                root.Constant.CopyTo(bytes[root]);
            }
        }
    }

    /// <summary>The values of a quantized buffer.</summary>
    public Span<sbyte> Of(IntegerBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        return bytes[buffer.Root].AsSpan(0, buffer.Count);
    }

    /// <summary>A buffer that is not of quantized values.</summary>
    public Tensor TensorOf(IntegerBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        return tensors[buffer];
    }

    /// <summary>Sets a buffer that is not of quantized values.</summary>
    public void Set(IntegerBuffer buffer, Tensor tensor) => tensors[buffer] = tensor;

    /// <summary>Runs layers that stay float.</summary>
    internal void RunFloat(FloatStep step) => (floats ?? throw new InvalidOperationException($"{step.Name} stays float, and no runtime for floats was given."))(step, this);
}
