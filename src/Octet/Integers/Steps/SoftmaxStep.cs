using Octet.Numerics.Rescaling;

namespace Octet.Integers.Steps;

/// <summary>Softmax of rows.</summary>
/// <param name="Name">The layer.</param>
/// <param name="X">Outer × length × trailing elements.</param>
/// <param name="Y">Likewise.</param>
/// <param name="Length">Elements of a row.</param>
/// <param name="Shares">What becomes of a row.</param>
public sealed record SoftmaxStep(string Name, IntegerBuffer X, IntegerBuffer Y, int Length, SoftmaxRescale Shares) : IntegerStep(Name, [X], [Y])
{
    /// <summary>Elements from one of a row to the next; 1 where they lie together.</summary>
    public int Trailing { get; init; } = 1;

    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        var x = memory.Read(X);
        var y = new int[Y.Count];
        var values = new int[Length];
        var shares = new int[Length];
        for (int row = 0; row < x.Length / Length; row++)
        {
            int first = (row / Trailing * Length * Trailing) + (row % Trailing);
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = x[first + (i * Trailing)];
            }

            Shares.Apply(values, shares);
            for (int i = 0; i < shares.Length; i++)
            {
                y[first + (i * Trailing)] = shares[i];
            }
        }

        memory.Write(Y, y);
    }
}
