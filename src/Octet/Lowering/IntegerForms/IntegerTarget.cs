using Octet.Graphs;
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

    /// <summary>Values as those of the result: themselves where they are, else through a table.</summary>
    /// <param name="lowering">Takes the step.</param>
    /// <param name="node">The operator that needs them.</param>
    /// <param name="values">Quantized values of any scale.</param>
    public IntegerBuffer Fitting(IntegerLowering lowering, Node node, IntegerBuffer values)
    {
        var own = values.Params!;
        if (own == Params && Min == own.Type.Min && Max == own.Type.Max)
        {
            return values;
        }

        var result = IntegerBuffer.Quantized($"{values.Name} in {Buffer.Name}", values.Shape, Params);
        lowering.Add(TableForm.Step(node.DisplayName, values, result, Min, Max));
        return result;
    }

    /// <summary>The last stage with some factors.</summary>
    public Requantize With(Rescale rescale) => new(rescale, Params.ZeroPoint, Min, Max);
}
