using System.Runtime.InteropServices;
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
            if (bytes.TryAdd(root, GC.AllocateArray<sbyte>(checked(root.Bytes + Room), pinned: true)))
            {
                if (!root.Constant.IsEmpty)
                {
                    Write(root, root.Constant.AsSpan());
                }
            }
        }
    }

    /// <summary>The bytes of a quantized buffer: one a value, or two as this processor lays them.</summary>
    public Span<sbyte> Of(IntegerBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        return bytes[buffer.Root].AsSpan(0, buffer.Bytes);
    }

    /// <summary>The values of a quantized buffer.</summary>
    public int[] Read(IntegerBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        var from = Of(buffer);
        var result = new int[buffer.Count];
        if (buffer.IsWide)
        {
            var words = MemoryMarshal.Cast<sbyte, short>(from);
            for (int i = 0; i < result.Length; i++)
            {
                result[i] = words[i];
            }
        }
        else
        {
            for (int i = 0; i < result.Length; i++)
            {
                result[i] = from[i];
            }
        }

        return result;
    }

    /// <summary>Sets the values of a quantized buffer.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="values">As many as it has elements, each within its type.</param>
    public void Write(IntegerBuffer buffer, ReadOnlySpan<int> values)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        var to = Of(buffer);
        if (buffer.IsWide)
        {
            var words = MemoryMarshal.Cast<sbyte, short>(to);
            for (int i = 0; i < values.Length; i++)
            {
                words[i] = (short)values[i];
            }
        }
        else
        {
            for (int i = 0; i < values.Length; i++)
            {
                to[i] = (sbyte)values[i];
            }
        }
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
