using Octet.Integers;
using Octet.Integers.Steps;
using Octet.Numerics;

namespace Octet.Inference;

/// <summary>Runs an integer program. One thread at a time may call <see cref="Run"/>; sessions of one program may go side by side.</summary>
public sealed class IntegerSession : IDisposable
{
    private readonly IntegerProgram program;
    private readonly IntegerMemory memory;
    private readonly Dictionary<FloatStep, FloatSession> floats = [];

    /// <summary>Prepares a program.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.RuntimeRefusedModel"/>: ONNX Runtime cannot load layers that stay float.</exception>
    public IntegerSession(IntegerProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        this.program = program;
        memory = new IntegerMemory(program, RunFloat);
        foreach (var step in program.Steps.OfType<FloatStep>())
        {
            floats.Add(step, new FloatSession(step.Part));
        }
    }

    /// <summary>Runs one sample.</summary>
    /// <param name="inputs">A tensor for each input, by name; the name "" means the only input. Floats are quantized, integers taken as they are.</param>
    /// <returns>The outputs in the model's order, dequantized.</returns>
    /// <exception cref="OctetException"><see cref="ErrorCodes.RunFailed"/>: an input is missing or of another shape than the program is for.</exception>
    public IReadOnlyList<Tensor> Run(IReadOnlyDictionary<string, Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        foreach (var input in program.Inputs)
        {
            Take(input, inputs.GetValueOrDefault(input.Name) ?? (program.Inputs.Length == 1 ? inputs.GetValueOrDefault(string.Empty) : null) ?? throw new OctetException(
                ErrorCodes.RunFailed, $"the model's input \"{input.Name}\" got no tensor; there are {string.Join(", ", inputs.Keys)}"));
        }

        foreach (var step in program.Steps)
        {
            step.Run(memory);
        }

        return [.. program.Outputs.Select(o => o.Params is { } parameters ? DequantizeStep.Dequantize(memory.Of(o), parameters, o.Shape) : memory.TensorOf(o))];
    }

    /// <summary>The integers of a quantized tensor after a run: unsigned ones less 128.</summary>
    public ReadOnlySpan<sbyte> Integers(IntegerBuffer buffer) => memory.Of(buffer);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var session in floats.Values)
        {
            session.Dispose();
        }
    }

    private void Take(IntegerBuffer input, Tensor tensor)
    {
        if (tensor.Count != input.Count)
        {
            throw new OctetException(ErrorCodes.RunFailed, $"input \"{input.Name}\" is {tensor.Shape}, and the program is for {input.Shape}", "make one program for each shape");
        }

        if (input.Params is not { } parameters)
        {
            memory.Set(input, tensor);
        }
        else
        {
            QuantizeStep.Quantize(tensor.ToFloats(), parameters, memory.Of(input));
        }
    }

    private void RunFloat(FloatStep step, IntegerMemory at)
    {
        using var outputs = floats[step].Run(step.From.ToDictionary(b => b.Name, at.TensorOf, StringComparer.Ordinal), [.. step.To.Select(b => b.Name)]);
        for (int i = 0; i < step.To.Length; i++)
        {
            at.Set(step.To[i], outputs.ToTensor(i));
        }
    }
}
