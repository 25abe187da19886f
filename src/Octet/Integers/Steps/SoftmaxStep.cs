using System.Collections.Immutable;
using System.Numerics;
using Octet.Numerics.Rescaling;

namespace Octet.Integers.Steps;

/// <summary>
/// Softmax over the last dimension with integers: exponentials from a table, in units of 2⁻¹⁵, of the distances to the greatest value; one division a row.
/// </summary>
/// <param name="Name">The layer.</param>
/// <param name="X">Rows × length; at most 65,535 long.</param>
/// <param name="Y">Likewise.</param>
/// <param name="Exponentials">round(2¹⁵ · exp(−d · scale x)) for distances d of 0 to 255.</param>
/// <param name="Requantize">From units of 2⁻¹⁵ to those of the output.</param>
public sealed record SoftmaxStep(string Name, IntegerBuffer X, IntegerBuffer Y, ImmutableArray<int> Exponentials, Requantize Requantize) : IntegerStep(Name, [X], [Y])
{
    /// <summary>Fraction bits of exponentials and shares.</summary>
    public const int Bits = 15;

    /// <summary>The longest row whose sum fits 31 bits.</summary>
    public const int LongestRow = (1 << (31 - Bits)) - 1;

    /// <summary>Elements of a row.</summary>
    public int Length => (int)X.Shape[-1];

    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        for (int at = 0; at < X.Count; at += Length)
        {
            var x = memory.Of(X).Slice(at, Length);
            var y = memory.Of(Y).Slice(at, Length);
            int most = sbyte.MinValue;
            foreach (sbyte value in x)
            {
                most = Math.Max(most, value);
            }

            int sum = 0;
            foreach (sbyte value in x)
            {
                sum += Exponentials[most - value];
            }

            // The sum is at least 2¹⁵: its 16 leading bits, and 2³¹ divided by them.
            int log = BitOperations.Log2((uint)sum);
            uint reciprocal = (1u << 31) / (uint)(sum >> (log - Bits));
            for (int i = 0; i < x.Length; i++)
            {
                uint share = ((uint)Exponentials[most - x[i]] * reciprocal) >> (log + 1);
                y[i] = (sbyte)Requantize.Apply((int)share, 0);
            }
        }
    }
}
