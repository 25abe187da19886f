using Octet.Integers;
using Octet.Numerics;
using Octet.Numerics.Rescaling;

namespace Octet.Lowering.IntegerForms;

/// <summary>Where the result of an operator goes: the buffer of its QuantizeLinear, clamped as the activation between them does.</summary>
/// <param name="Absorbed">The QuantizeLinear and the activation.</param>
/// <param name="Buffer">The quantized result.</param>
/// <param name="Min">Least result.</param>
/// <param name="Max">Greatest result.</param>
internal sealed record IntegerTarget(RequantizedOutput Absorbed, IntegerBuffer Buffer, int Min, int Max)
{
    /// <summary>What the values stand for.</summary>
    public QuantParams Params => Buffer.Params!;

    /// <summary>The last stage with some factors.</summary>
    public Requantize With(Rescale rescale) => new(rescale, Params.ZeroPoint, Min, Max);
}
