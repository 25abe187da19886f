using System.Collections.Immutable;

namespace Octet.Integers.Steps;

/// <summary>Tensors behind each other along an axis.</summary>
/// <param name="Name">The layer.</param>
/// <param name="Parts">The tensors; all of the output's scale.</param>
/// <param name="Y">The whole.</param>
/// <param name="Axis">The axis, ≥ 0.</param>
public sealed record ConcatStep(string Name, ImmutableArray<IntegerBuffer> Parts, IntegerBuffer Y, int Axis) : IntegerStep(Name, Parts, [Y])
{
    /// <summary>Number of runs that each part gives.</summary>
    public int Outer
    {
        get
        {
            int outer = 1;
            for (int d = 0; d < Axis; d++)
            {
                outer *= (int)Y.Shape[d];
            }

            return outer;
        }
    }

    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        var y = memory.Of(Y);
        int outer = Outer;
        int width = Y.IsWide ? sizeof(short) : sizeof(sbyte);
        int next = 0;
        for (int o = 0; o < outer; o++)
        {
            foreach (var part in Parts)
            {
                int run = part.Count / outer * width;
                memory.Of(part).Slice(o * run, run).CopyTo(y[next..]);
                next += run;
            }
        }
    }
}
