using Octet.Numerics.Rescaling;

namespace Octet.Integers.Steps;

/// <summary>The mean over neighbouring dimensions: requantize(Σ (x − zero x)), where the factor has the division in it.</summary>
/// <param name="Name">The layer.</param>
/// <param name="X">Outer × inner × trailing elements.</param>
/// <param name="Y">Outer × trailing elements.</param>
/// <param name="Requantize">One factor.</param>
public sealed record MeanStep(string Name, IntegerBuffer X, IntegerBuffer Y, Requantize Requantize) : IntegerStep(Name, [X], [Y])
{
    /// <summary>Elements of one mean.</summary>
    public int Inner => X.Count / Y.Count;

    /// <summary>Elements from one of a mean to the next; 1 where they lie together.</summary>
    public int Trailing { get; init; } = 1;

    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        var x = memory.Read(X);
        var y = new int[Y.Count];
        int inner = Inner;
        int zero = X.Params!.ZeroPoint;
        for (int o = 0; o < y.Length; o++)
        {
            int first = (o / Trailing * inner * Trailing) + (o % Trailing);
            long sum = 0;
            for (int i = 0; i < inner; i++)
            {
                sum += x[first + (i * Trailing)] - zero;
            }

            y[o] = Requantize.Apply(sum, 0);
        }

        memory.Write(Y, y);
    }
}
