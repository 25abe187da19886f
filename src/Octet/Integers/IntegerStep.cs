using System.Collections.Immutable;

namespace Octet.Integers;

/// <summary>One operation of an integer network, with every number that it needs.</summary>
/// <param name="Name">The name of the layer in the model.</param>
/// <param name="Inputs">The buffers that it reads.</param>
/// <param name="Outputs">The buffers that it writes.</param>
public abstract record IntegerStep(string Name, ImmutableArray<IntegerBuffer> Inputs, ImmutableArray<IntegerBuffer> Outputs)
{
    /// <summary>The first buffer that it reads.</summary>
    public IntegerBuffer Input => Inputs[0];

    /// <summary>The first buffer that it writes.</summary>
    public IntegerBuffer Output => Outputs[0];

    /// <summary>Multiply-accumulates of one run.</summary>
    public virtual long MultiplyAccumulates => 0;

    /// <summary>Runs it: the scalar reference, which says what the step means. Everything faster gives the same integers.</summary>
    public abstract void Run(IntegerMemory memory);
}
