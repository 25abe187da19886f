using System.Collections.Immutable;
using Octet.Graphs;

namespace Octet.Integers.Steps;

/// <summary>Layers without an integer form: they stay float, and a float runtime runs them.</summary>
/// <param name="Part">The layers as a model of their own, whose inputs and outputs bear the names of the buffers.</param>
/// <param name="Layers">Their names.</param>
/// <param name="From">What they read.</param>
/// <param name="To">What they give.</param>
public sealed record FloatStep(Model Part, ImmutableArray<string> Layers, ImmutableArray<IntegerBuffer> From, ImmutableArray<IntegerBuffer> To)
    : IntegerStep(string.Join(", ", Layers), From, To)
{
    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        memory.RunFloat(this);
    }
}
