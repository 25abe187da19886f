using System.Collections.Immutable;
using System.Numerics;

namespace Octet.Numerics.Rescaling;

/// <summary>Softmax with integers alone: exponentials from a table, in units of 2⁻¹⁵, of the distances to the greatest value; one division a row.</summary>
/// <param name="Exponentials">round(2¹⁵ · exp(−d · scale x)) for all distances d from 0.</param>
/// <param name="Requantize">From units of 2⁻¹⁵ to those of the output.</param>
public sealed record IntegerSoftmax(ImmutableArray<int> Exponentials, Requantize Requantize) : SoftmaxRescale
{
    /// <summary>Fraction bits of exponentials and shares.</summary>
    public const int Bits = 15;

    /// <summary>The longest row whose sum fits 31 bits.</summary>
    public const int LongestRow = (1 << (31 - Bits)) - 1;

    /// <summary>Makes the table.</summary>
    /// <param name="input">Scale of the input.</param>
    /// <param name="requantize">From units of 2⁻¹⁵ to those of the output.</param>
    /// <param name="bits">Bits of the input: 8 or 16.</param>
    public static IntegerSoftmax Of(float input, Requantize requantize, int bits = 8)
        => new([.. Distances(bits).Select(d => (int)Math.Round(Math.Exp(-d * (double)input) * (1 << Bits)))], requantize);

    /// <summary>What exponentials are multiplied with: (exponential · reciprocal) / 2^shift are shares in units of 2⁻¹⁵.</summary>
    /// <param name="sum">The sum of the exponentials, at least 2¹⁵: its 16 leading bits, and 2³¹ divided by them.</param>
    public static (uint Reciprocal, int Shift) Share(int sum)
    {
        int log = BitOperations.Log2((uint)sum);
        return ((1u << 31) / (uint)(sum >> (log - Bits)), log + 1);
    }

    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<int> x, Span<int> y)
    {
        int most = Greatest(x);
        int sum = 0;
        foreach (int value in x)
        {
            sum += Exponentials[most - value];
        }

        var (reciprocal, shift) = Share(sum);
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = Requantize.Apply((int)(((uint)Exponentials[most - x[i]] * reciprocal) >> shift), 0);
        }
    }
}
