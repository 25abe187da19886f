using System.Collections.Immutable;
using Octet.Data;
using Octet.Formats.C;
using Octet.Graphs;
using Octet.Inference;
using Octet.Integers;
using Octet.Numerics.Rescaling;

namespace Octet;

/// <summary>Makes C of quantized models.</summary>
public static class CExport
{
    // A test that a compiler takes minutes for helps nobody.
    private const int MostVectorBytes = 1 << 20;
    private const int MostVectors = 4;

    /// <summary>The C of a quantized model, with test vectors from samples: what Octet's integer engine gives for them.</summary>
    /// <param name="model">A quantized model of which every layer has an integer form.</param>
    /// <param name="name">What it is called: a file name without extension, say.</param>
    /// <param name="samples">The first few are run.</param>
    /// <param name="arithmetic">How sums are rescaled; null for shifts where all scales are powers of two, and else multipliers of 31 bits rounded once.</param>
    /// <param name="loops">How loops are written.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.NoIntegerForm"/>: a layer stays float, or its arithmetic does.</exception>
    public static CProject Of(Model model, string name, ISampleSource samples, IntegerArithmetic? arithmetic = null, CLoops loops = CLoops.Plain, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var first = samples.Load(0).Inputs;
        var program = ModelRunner.ProgramOf(model, first, new ModelRunOptions { Arithmetic = arithmetic }, cancellationToken);
        if (arithmetic is null && program.Arithmetic is FloatArithmetic)
        {
            program = ModelRunner.ProgramOf(model, first, new ModelRunOptions { Arithmetic = new MultiplierArithmetic(MultiplierRounding.Single) }, cancellationToken);
        }

        using var session = new IntegerSession(program);
        int bytes = program.Inputs.Sum(i => i.Count);
        var vectors = program.Reasons.Count > 0 ? [] : Enumerable.Range(0, Math.Min(samples.Count, Math.Clamp(MostVectorBytes / Math.Max(bytes, 1), 1, MostVectors))).Select(i => Run(session, program, samples.Load(i))).ToArray();
        return CProject.Of(program, name, Quantizer.Version, vectors, loops);
    }

    // The inputs are read back after the run, which leaves them as they are.
    private static CVectors Run(IntegerSession session, IntegerProgram program, Sample sample)
    {
        session.Run(sample.Inputs);
        return new CVectors([.. program.Inputs.Select(Values)], [.. program.Outputs.Select(Values)]);

        ImmutableArray<int> Values(IntegerBuffer buffer) => [.. session.Values(buffer)];
    }
}
