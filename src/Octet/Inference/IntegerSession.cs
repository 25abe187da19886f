using System.Collections.Immutable;
using Octet.Inference.Kernels;
using Octet.Integers;
using Octet.Integers.Steps;
using Octet.Numerics;

namespace Octet.Inference;

/// <summary>Runs an integer program with the vectors of the processor, bit for bit as the steps' scalar code says. One thread at a time may call <see cref="Run"/>; sessions of one program may go side by side.</summary>
public sealed class IntegerSession : IDisposable
{
    private readonly IntegerProgram program;
    private readonly IntegerMemory memory;
    private readonly Dictionary<FloatStep, FloatSession> floats = [];
    private readonly KernelCatalog? catalog;
    private readonly Placement placement;

    /// <summary>Prepares a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.RuntimeRefusedModel"/>: ONNX Runtime cannot load layers that stay float.</exception>
    /// <exception cref="PlatformNotSupportedException">The options ask for instructions that the processor has not.</exception>
    public IntegerSession(IntegerProgram program, IntegerSessionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(program);
        this.program = program;
        catalog = KernelCatalog.Of(options?.Instructions ?? InstructionSet.Automatic);
        memory = new IntegerMemory(program, RunFloat);
        placement = new Placement(memory, options?.KeepsAll is true ? ImmutableDictionary<IntegerBuffer, IntegerStep>.Empty : LastUses(program));
        foreach (var step in program.Steps)
        {
            bool isWide = step.Inputs.Concat(step.Outputs).Any(b => b.IsWide);
            if ((isWide ? catalog?.TryAddWide(step, placement) : catalog?.TryAdd(step, placement)) is not true)
            {
                placement.AddScalar(step);
            }

            placement.End(step);
        }

        foreach (var output in program.Outputs.Where(o => o.Params is not null))
        {
            placement.NeedPlanar(output);
        }

        foreach (var step in program.Steps.OfType<FloatStep>())
        {
            floats.Add(step, new FloatSession(step.Part));
        }
    }

    /// <summary>What runs, in order.</summary>
    internal IReadOnlyList<Kernel> Kernels => placement.Kernels;

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

        foreach (var kernel in placement.Kernels)
        {
            kernel.Run();
        }

        return [.. program.Outputs.Select(o => o.Params is { } parameters ? DequantizeStep.Dequantize(memory.Read(o), parameters, o.Shape) : memory.TensorOf(o))];
    }

    /// <summary>The integers of a quantized tensor after a run, one byte each or two as this processor lays them: unsigned ones less 128 or 32,768.</summary>
    /// <param name="buffer">An input or output of the program, or any of its buffers with <see cref="IntegerSessionOptions.KeepsAll"/>.</param>
    /// <exception cref="InvalidOperationException">The session did not keep it.</exception>
    public ReadOnlySpan<sbyte> Integers(IntegerBuffer buffer)
    {
        placement.MissingPlanar(buffer)?.Run();
        return memory.Of(buffer);
    }

    /// <summary>The same as numbers.</summary>
    /// <inheritdoc cref="Integers"/>
    public int[] Values(IntegerBuffer buffer)
    {
        placement.MissingPlanar(buffer)?.Run();
        return memory.Read(buffer);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var session in floats.Values)
        {
            session.Dispose();
        }
    }

    private unsafe void Take(IntegerBuffer input, Tensor tensor)
    {
        if (tensor.Count != input.Count)
        {
            throw new OctetException(ErrorCodes.RunFailed, $"input \"{input.Name}\" is {tensor.Shape}, and the program is for {input.Shape}", "make one program for each shape");
        }

        if (input.Params is not { } parameters)
        {
            memory.Set(input, tensor);
        }
        else if (catalog is null || input.IsWide)
        {
            memory.Write(input, QuantizeStep.Quantize(FloatsOf(tensor), parameters, input.Shape));
        }
        else
        {
            catalog.Quantize(FloatsOf(tensor), parameters, placement.PlanarOf(input));
        }
    }

    // Of inputs and outputs nothing is given up.
    private static Dictionary<IntegerBuffer, IntegerStep> LastUses(IntegerProgram program)
    {
        var ends = program.Inputs.Concat(program.Outputs).Select(b => b.Root).ToHashSet();
        return program.Lives(root => !ends.Contains(root)).ToDictionary(l => l.Key, l => program.Steps[l.Value.Last]);
    }

    private static ReadOnlySpan<float> FloatsOf(Tensor tensor) => tensor.Type == ElementType.Float32 ? tensor.AsSpan<float>() : tensor.ToFloats();

    private void RunFloat(FloatStep step, IntegerMemory at)
    {
        using var outputs = floats[step].Run(step.From.ToDictionary(b => b.Name, at.TensorOf, StringComparer.Ordinal), [.. step.To.Select(b => b.Name)]);
        for (int i = 0; i < step.To.Length; i++)
        {
            at.Set(step.To[i], outputs.ToTensor(i));
        }
    }
}
