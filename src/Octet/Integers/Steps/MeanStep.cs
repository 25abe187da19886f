using Octet.Numerics.Rescaling;

namespace Octet.Integers.Steps;

/// <summary>The mean over the inner dimensions: requantize(Σ (x − zero x)), where the factor has the division in it.</summary>
/// <param name="Name">The layer.</param>
/// <param name="X">Outer × inner elements.</param>
/// <param name="Y">Outer elements.</param>
/// <param name="Requantize">One factor.</param>
public sealed record MeanStep(string Name, IntegerBuffer X, IntegerBuffer Y, Requantize Requantize) : IntegerStep(Name, [X], [Y])
{
    /// <summary>Elements of one mean.</summary>
    public int Inner => X.Count / Y.Count;

    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        var x = memory.Of(X);
        var y = memory.Of(Y);
        int inner = Inner;
        int zero = X.Params!.ZeroPoint;
        for (int o = 0; o < y.Length; o++)
        {
            int sum = 0;
            foreach (sbyte value in x.Slice(o * inner, inner))
            {
                sum += value - zero;
            }

            y[o] = (sbyte)Requantize.Apply(sum, 0);
        }
    }
}
