using Microsoft.ML.OnnxRuntime;
using Octet.Numerics;

namespace Octet.Inference;

/// <summary>
/// What one run produced, in the memory of ONNX Runtime: valid until it is disposed. In the order in which the outputs were asked for.
/// </summary>
public sealed class SessionOutputs : IDisposable
{
    private readonly IDisposableReadOnlyCollection<OrtValue> values;

    internal SessionOutputs(IReadOnlyList<string> names, IDisposableReadOnlyCollection<OrtValue> values)
    {
        Names = names;
        this.values = values;
    }

    /// <summary>The outputs' names.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether output <paramref name="index"/> is a tensor of 32-bit floats.</summary>
    public bool IsFloat(int index) => TypeOf(index) == ElementType.Float32;

    /// <summary>Element type of output <paramref name="index"/>; <see cref="ElementType.Undefined"/> where it is not a tensor.</summary>
    public ElementType TypeOf(int index)
        => values[index].IsTensor ? (ElementType)(int)values[index].GetTensorTypeAndShape().ElementDataType : ElementType.Undefined;

    /// <summary>Shape of output <paramref name="index"/>.</summary>
    public Shape ShapeOf(int index) => new(values[index].GetTensorTypeAndShape().Shape);

    /// <summary>The values of output <paramref name="index"/>, not copied.</summary>
    public ReadOnlySpan<T> Span<T>(int index)
        where T : unmanaged
        => values[index].GetTensorDataAsSpan<T>();

    /// <summary>A copy of output <paramref name="index"/> that outlives this object.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.UnsupportedOutput"/>: it is not a tensor of fixed-width elements.</exception>
    public Tensor ToTensor(int index)
    {
        var type = TypeOf(index);
        if (type.BitWidth() == 0)
        {
            throw new OctetException(ErrorCodes.UnsupportedOutput, $"output \"{Names[index]}\" is of type {type}, not a tensor of numbers");
        }

        return Tensor.FromArray(type, values[index].GetTensorDataAsSpan<byte>().ToArray(), ShapeOf(index));
    }

    /// <inheritdoc/>
    public void Dispose() => values.Dispose();
}
