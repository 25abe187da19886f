using System.Collections.Immutable;
using Octet.Numerics.Rescaling;

namespace Octet.Integers;

/// <summary>An integer network for one sample: steps in order, every number explicit. What it says is what ships.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Arithmetic">The family that its rescaling is of.</param>
/// <param name="Inputs">What a caller gives, floats or quantized values, in the model's order.</param>
/// <param name="Outputs">What comes out, in the model's order.</param>
/// <param name="Steps">The steps.</param>
public sealed record IntegerProgram(
    string Name, IntegerArithmetic Arithmetic, ImmutableArray<IntegerBuffer> Inputs, ImmutableArray<IntegerBuffer> Outputs, ImmutableArray<IntegerStep> Steps)
{
    /// <summary>All buffers, each once, in the order of their first use.</summary>
    public ImmutableArray<IntegerBuffer> Buffers => [.. Inputs.Concat(Steps.SelectMany(s => s.Inputs.Concat(s.Outputs))).Concat(Outputs).Distinct()];

    /// <summary>Why layers stay float, by their names.</summary>
    public ImmutableSortedDictionary<string, string> Reasons { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The first and the last step that each buffer with elements of its own is read or written by.</summary>
    /// <param name="wanted">Which buffers.</param>
    public Dictionary<IntegerBuffer, (int First, int Last)> Lives(Func<IntegerBuffer, bool> wanted)
    {
        var lives = new Dictionary<IntegerBuffer, (int First, int Last)>();
        for (int i = 0; i < Steps.Length; i++)
        {
            foreach (var root in Steps[i].Inputs.Concat(Steps[i].Outputs).Select(b => b.Root).Where(wanted))
            {
                lives[root] = lives.TryGetValue(root, out var life) ? (life.First, i) : (i, i);
            }
        }

        return lives;
    }

    /// <summary>Multiply-accumulates of one sample in integer steps.</summary>
    public long MultiplyAccumulates => Steps.Sum(s => s.MultiplyAccumulates);
}
