using System.Collections.Immutable;
using Octet.Numerics.Rescaling;

namespace Octet.Integers.Steps;

/// <summary>
/// Planes enlarged or shrunk with values between their neighbours: requantize(Σ share of the row · share of the column · (x − zero x)) over two rows and two columns.
/// </summary>
/// <param name="Name">The layer.</param>
/// <param name="X">Images × channels × height × width, or a row for a plane.</param>
/// <param name="Y">Likewise.</param>
/// <param name="Rows">For each row of the result where it lies between the rows of the input, from 0, in units of 2⁻¹⁰ rows.</param>
/// <param name="Columns">Likewise for its columns.</param>
/// <param name="Requantize">From units of 2⁻²⁰ of the input's to those of the output; one factor.</param>
public sealed record BilinearStep(string Name, IntegerBuffer X, IntegerBuffer Y, ImmutableArray<int> Rows, ImmutableArray<int> Columns, Requantize Requantize) : IntegerStep(Name, [X], [Y])
{
    /// <summary>Fraction bits of a place; sums of 8-bit values stay within 29 bits, those of 16-bit values within 37.</summary>
    public const int Bits = 10;

    /// <summary>A whole row or column.</summary>
    public const int One = 1 << Bits;

    /// <summary>Whether the channels of a place lie together in both tensors.</summary>
    public bool ChannelsLast { get; init; }

    /// <summary>The input's shape.</summary>
    public Planes From => Planes.Of(X.Shape, ChannelsLast)!;

    /// <summary>The output's shape.</summary>
    public Planes To => Planes.Of(Y.Shape, ChannelsLast)!;

    /// <summary>The two neighbours of a place, and the share of the second in units of 2⁻¹⁰.</summary>
    /// <param name="place">An element of <see cref="Rows"/> or <see cref="Columns"/>.</param>
    /// <param name="size">Rows or columns of the input.</param>
    public static (int First, int Second, int Share) Neighbours(int place, int size) => (place >> Bits, Math.Min((place >> Bits) + 1, size - 1), place & (One - 1));

    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        var x = memory.Read(X);
        var y = new int[Y.Count];
        int zero = X.Params!.ZeroPoint;
        var (from, to) = (From, To);
        for (int plane = 0; plane < to.Images * to.Channels; plane++)
        {
            var (image, channel) = Math.DivRem(plane, to.Channels);
            for (int oy = 0; oy < to.Height; oy++)
            {
                var (top, bottom, down) = Neighbours(Rows[oy], from.Height);
                for (int ox = 0; ox < to.Width; ox++)
                {
                    var (left, right, along) = Neighbours(Columns[ox], from.Width);
                    long above = ((long)(x[from.At(image, channel, top, left)] - zero) * (One - along)) + ((x[from.At(image, channel, top, right)] - zero) * along);
                    long below = ((long)(x[from.At(image, channel, bottom, left)] - zero) * (One - along)) + ((x[from.At(image, channel, bottom, right)] - zero) * along);
                    y[to.At(image, channel, oy, ox)] = Requantize.Apply((above * (One - down)) + (below * down), 0);
                }
            }
        }

        memory.Write(Y, y);
    }
}
