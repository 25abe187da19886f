using System.Collections.Immutable;

namespace Octet.Integers;

/// <summary>Where the tensors of a program lie in one block of memory: two share bytes where their lives do not overlap.</summary>
/// <param name="Offsets">First byte of each buffer that has elements of its own.</param>
/// <param name="Size">Bytes of the block.</param>
public sealed record ArenaPlan(ImmutableDictionary<IntegerBuffer, int> Offsets, int Size)
{
    // Processors load words faster where they are aligned.
    private const int Alignment = 4;

    /// <summary>Plans the quantized tensors of a program, largest first, each at the lowest place that is free throughout its life.</summary>
    /// <param name="program">The program.</param>
    /// <param name="elsewhere">Buffers that lie elsewhere: the caller's.</param>
    public static ArenaPlan Of(IntegerProgram program, IReadOnlySet<IntegerBuffer> elsewhere)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(elsewhere);
        var lives = program.Lives(root => root.Constant.IsEmpty && !elsewhere.Contains(root));
        foreach (var root in program.Outputs.Select(o => o.Root).Where(lives.ContainsKey))
        {
            lives[root] = (lives[root].First, program.Steps.Length);
        }

        var offsets = ImmutableDictionary.CreateBuilder<IntegerBuffer, int>();
        foreach (var (buffer, life) in lives.OrderByDescending(l => l.Key.Bytes).ThenBy(l => l.Value.First))
        {
            int at = 0;
            foreach (var (other, offset) in offsets.Where(o => lives[o.Key].First <= life.Last && life.First <= lives[o.Key].Last).OrderBy(o => o.Value))
            {
                if (at + buffer.Bytes <= offset)
                {
                    break;
                }

                at = Math.Max(at, (offset + other.Bytes + Alignment - 1) / Alignment * Alignment);
            }

            offsets.Add(buffer, at);
        }

        return new ArenaPlan(offsets.ToImmutable(), offsets.Count == 0 ? 0 : offsets.Max(o => o.Value + o.Key.Bytes));
    }
}
